using System.Text;

namespace AIChat.Domain.Common;

/// <summary>Rules for every text that people type.</summary>
public static class Text
{
    /// <summary>Length as people count: Unicode code points, so that an emoji outside the basic plane is one.</summary>
    public static int LengthOf(string text) => text.EnumerateRunes().Count();

    /// <summary>Whether every surrogate has its partner and no NUL is inside: other texts cannot be stored and read back unchanged.</summary>
    public static bool IsStorable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0')
                return false;
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }

        return true;
    }

    /// <summary>
    /// The text with its characters composed (NFC). macOS and some keyboards type 한 as ㅎ, ㅏ and ㄴ; whoever reads letters reads composed ones. Lone surrogates, which
    /// normalisation rejects, stay where they are.
    /// </summary>
    public static string Composed(string text)
    {
        if (Ascii.IsValid(text))
            return text;
        var composed = new StringBuilder(text.Length);
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                i++;
                continue;
            }

            composed.Append(text[start..i].Normalize(NormalizationForm.FormC)).Append(text[i]);
            start = i + 1;
        }

        if (start == 0)
            return text.IsNormalized(NormalizationForm.FormC) ? text : text.Normalize(NormalizationForm.FormC);
        return composed.Append(text[start..].Normalize(NormalizationForm.FormC)).ToString();
    }

    /// <summary>Whether a one-line label (a nickname, a room's name) holds only characters that show: no control, format (bidirectional marks among them) or line-breaking ones.</summary>
    public static bool IsOneLine(string text)
        => IsStorable(text) && text.EnumerateRunes().All(rune => Rune.GetUnicodeCategory(rune) is not (
            System.Globalization.UnicodeCategory.Control or
            System.Globalization.UnicodeCategory.Format or
            System.Globalization.UnicodeCategory.LineSeparator or
            System.Globalization.UnicodeCategory.ParagraphSeparator or
            System.Globalization.UnicodeCategory.PrivateUse or
            System.Globalization.UnicodeCategory.OtherNotAssigned) || rune.Value == 0x200D);

    /// <summary>A text of at most so many UTF-16 units: a longer one ends with "…", after a word where one ends in its second half.</summary>
    public static string Shortened(string text, int longest)
    {
        if (text.Length <= longest)
            return text;
        var space = text.LastIndexOf(' ', longest - 1);
        var end = space > longest / 2 ? space : longest - 1;
        return text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)].TrimEnd() + "…";
    }

    /// <summary>Number of words, as white space divides them.</summary>
    public static int Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
}
