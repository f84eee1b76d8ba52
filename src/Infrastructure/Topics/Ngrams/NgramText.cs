using System.Text;

namespace AIChat.Infrastructure.Topics.Ngrams;

/// <summary>Normalises texts before n-grams are counted.</summary>
internal static class NgramText
{
    /// <summary>Length limit in characters: the beginning shows a message's theme, and a pasted log must not cost a hundred times as much as a question.</summary>
    private const int MaxLength = 600;

    /// <summary>Most characters that compose to one: a text is cut at the same place however it was typed.</summary>
    private const int MostParts = 4;

    /// <summary>Longest run of one letter that is kept: ㅋㅋㅋㅋㅋㅋ, noooo.</summary>
    private const int LongestRun = 3;

    /// <summary>NFKC, lower case, words separated by single spaces, runs of one letter cut to 3, at most 600 characters.</summary>
    public static string Normalise(string text)
    {
        var folded = WithoutLoneSurrogates(Beginning(Text.Composed(Beginning(text, MostParts)))).Normalize(NormalizationForm.FormKC).ToLowerInvariant();
        var result = new StringBuilder(Math.Min(folded.Length, MaxLength));
        var run = 0;
        foreach (var letter in folded)
        {
            var last = result.Length == 0 ? ' ' : result[^1];
            var next = char.IsWhiteSpace(letter) || char.IsControl(letter) ? ' ' : letter;
            run = next == last ? run + 1 : 1;
            if (next == ' ' ? last == ' ' : run > LongestRun && !char.IsSurrogate(next) && !char.IsDigit(next))
                continue;
            if (result.Length >= MaxLength)
                break;
            result.Append(next);
        }

        return result.ToString().TrimEnd();
    }

    /// <summary>The text with lone surrogates replaced, because normalisation rejects them.</summary>
    public static string WithoutLoneSurrogates(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return ReplaceLoneSurrogates(text);
            i++;
        }

        return text;
    }

    /// <param name="text">The text.</param>
    /// <param name="parts">Characters that one character may be written as; 1 where the text is composed.</param>
    private static string Beginning(string text, int parts = 1) => text.Length <= 2 * MaxLength * parts ? text : text[..(2 * MaxLength * parts)];

    private static string ReplaceLoneSurrogates(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            result.Append(rune.ToString());
        return result.ToString();
    }
}
