using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AIChat.Infrastructure.Summaries.Models;

/// <summary>What is passed on of a model's words: one line of plain text. No markup, no picture, no address that the cited lines do not have themselves, no invisible letters.</summary>
internal static partial class PlainSentence
{
    public const int Longest = 400;

    private const int TimeoutMs = 1000;

    /// <param name="text">As the model wrote it.</param>
    /// <param name="cited">What the lines that it cites say.</param>
    public static string Of(string text, IReadOnlyList<string> cited)
    {
        if (text.Length > 8 * Longest)
            text = text[..(8 * Longest)];
        text = Visible(text);
        text = Picture().Replace(text, " ");
        text = Link().Replace(text, "${shown}");
        text = Tag().Replace(text, " ");
        text = Address().Replace(text, found => cited.Any(line => line.Contains(found.Value.TrimEnd('.', ',', ')', '!', '?'), StringComparison.Ordinal)) ? found.Value : "…");
        text = Marks().Replace(text, string.Empty);
        text = Blanks().Replace(text, " ").Trim();
        return Shortened(text);
    }

    /// <summary>Letters, marks, digits, signs and plain blanks; what controls, formats, hides or is private goes.</summary>
    private static string Visible(string text)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var kind = Rune.GetUnicodeCategory(rune);
            if (kind is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator)
                kept.Append(' ');
            else if (kind is not (UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned) && rune.Value is not (0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0xFFFD))
                kept.Append(rune.ToString());
        }

        return kept.ToString().Normalize(NormalizationForm.FormC);
    }

    private static string Shortened(string text)
    {
        if (text.Length <= Longest)
            return text;
        var end = text.LastIndexOf(' ', Longest - 1);
        end = end > Longest / 2 ? end : Longest - 1;
        return text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)].TrimEnd() + "…";
    }

    [GeneratedRegex(@"!\[[^\]]*\]\([^)]*\)|!\[[^\]]*\]\[[^\]]*\]", RegexOptions.None, TimeoutMs)]
    private static partial Regex Picture();

    [GeneratedRegex(@"\[(?<shown>[^\]]*)\](\([^)]*\)|\[[^\]]*\])", RegexOptions.ExplicitCapture, TimeoutMs)]
    private static partial Regex Link();

    [GeneratedRegex(@"</?[A-Za-z!][^>]*(>|$)", RegexOptions.None, TimeoutMs)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\b[a-z][a-z0-9+.-]{1,15}:(//)?[^\s<>""'`]+|\bwww\.[^\s<>""'`]+|\b([a-z0-9-]{1,63}\.)+[a-z]{2,24}/[^\s<>""'`]*", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, TimeoutMs)]
    private static partial Regex Address();

    [GeneratedRegex(@"[`*_~|<>]+|^\s*(#{1,6}|[-+])\s+", RegexOptions.ExplicitCapture, TimeoutMs)]
    private static partial Regex Marks();

    [GeneratedRegex(@"\s+", RegexOptions.None, TimeoutMs)]
    private static partial Regex Blanks();
}
