using System.Text;

namespace AIChat.Infrastructure.Topics.Ngrams;

/// <summary>Brings texts that read alike to the same characters.</summary>
internal static class NgramText
{
    /// <summary>A message's theme shows in its beginning; a pasted log must not cost, or weigh, a hundred times as much as a question.</summary>
    private const int Longest = 600;

    /// <summary>Letters beyond this many in a row only shout: ㅋㅋㅋㅋㅋㅋ, noooo.</summary>
    private const int LongestRun = 3;

    /// <summary>NFKC, lower case, words separated by single spaces, long runs of one letter cut short, at most some hundred characters.</summary>
    public static string Normalise(string text)
    {
        var folded = Whole(Beginning(text)).Normalize(NormalizationForm.FormKC).ToLowerInvariant();
        var result = new StringBuilder(Math.Min(folded.Length, Longest));
        var run = 0;
        foreach (var letter in folded)
        {
            var last = result.Length == 0 ? ' ' : result[^1];
            var next = char.IsWhiteSpace(letter) || char.IsControl(letter) ? ' ' : letter;
            run = next == last ? run + 1 : 1;
            if (next == ' ' ? last == ' ' : run > LongestRun && !char.IsSurrogate(next) && !char.IsDigit(next))
                continue;
            if (result.Length >= Longest)
                break;
            result.Append(next);
        }

        return result.ToString().TrimEnd();
    }

    /// <summary>The text without halves of surrogate pairs, which normalisation refuses.</summary>
    public static string Whole(string start)
    {
        for (var i = 0; i < start.Length; i++)
        {
            if (!char.IsSurrogate(start[i]))
                continue;
            if (i + 1 >= start.Length || !char.IsSurrogatePair(start[i], start[i + 1]))
                return Replaced(start);
            i++;
        }

        return start;
    }

    private static string Beginning(string text) => text.Length <= 2 * Longest ? text : text[..(2 * Longest)];

    private static string Replaced(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            result.Append(rune.ToString());
        return result.ToString();
    }
}
