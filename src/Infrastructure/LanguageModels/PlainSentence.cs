using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace AIChat.Infrastructure.LanguageModels;

/// <summary>
/// Reduces a model's words to one line of plain text: no markup, images, addresses or invisible characters. A dotted name of a host or file stays only if a cited line
/// contains it.
/// </summary>
internal static partial class PlainSentence
{
    public const int Longest = 400;

    /// <summary>Removing markup may expose other markup. A text that still changes after this many rounds is an attack and is dropped.</summary>
    private const int Rounds = 16;

    /// <param name="text">The model's text.</param>
    /// <param name="cited">Texts of the cited lines.</param>
    /// <returns>Empty if nothing is left.</returns>
    public static string Of(string text, IReadOnlyList<string> cited)
    {
        if (text.Length > 8 * Longest)
            text = text[..(8 * Longest)];
        for (var round = 0; Bare(text) is var bare && bare != text; round++)
        {
            if (round == Rounds)
                return string.Empty;
            text = bare;
        }

        text = Address().Replace(text, "…");
        text = Dotted().Replace(text, found => cited.Any(line => Dotted().Matches(line).Any(theirs => theirs.ValueSpan.Equals(found.ValueSpan, StringComparison.OrdinalIgnoreCase))) ? found.Value : "…");
        return Text.Shortened(Blanks().Replace(text, " ").Trim(), Longest);
    }

    private static string Bare(string text)
    {
        text = Visible(WebUtility.HtmlDecode(text));
        text = Picture().Replace(text, " ");
        text = Link().Replace(text, "${shown}");
        text = Tag().Replace(text, " ");
        return Marks().Replace(text, string.Empty);
    }

    /// <summary>Keeps letters, marks, digits, symbols and plain spaces; removes control, format, invisible and private-use characters.</summary>
    private static string Visible(string text)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var kind = Rune.GetUnicodeCategory(rune);
            if (kind is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator)
                kept.Append(' ');
            else if (kind is not (UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned) && !ShowsNothing(rune.Value))
                kept.Append(rune.ToString());
        }

        return kept.ToString().Normalize(NormalizationForm.FormC);
    }

    /// <summary>Fillers, the Braille blank, joiners and variation selectors except U+FE0F (emoji): attackers hide whole texts in them.</summary>
    private static bool ShowsNothing(int rune) => rune is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x2800 or 0x3164 or (>= 0xFE00 and <= 0xFE0E) or 0xFFA0 or 0xFFFD
        or (>= 0xE0100 and <= 0xE01EF);

    [GeneratedRegex(@"!\[[^\]]*\]\([^)]*(\)|$)|!\[[^\]]*\]\[[^\]]*\]", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Picture();

    [GeneratedRegex(@"\[(?<shown>[^\]]*)\](\([^)]*(\)|$)|\[[^\]]*\])", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Link();

    [GeneratedRegex(@"</?[A-Za-z!?|][^>]*(>|$)", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Tag();

    [GeneratedRegex(
        @"\b[a-z][a-z0-9+.-]{1,15}:/\S*|\b(javascript|vbscript|mailto|tel|sms|blob|intent):\S+|\bdata:\S*[/;,]\S*|//\S+|\\\\\S+|(?<![\w-[가-힣]])(www\.|([-\w-[가-힣]]{1,63}\.)+[a-z]{2,24}(:[0-9]+)?[/?\#](?=\S)|([0-9]{1,3}\.){3}[0-9]{1,3}(:[0-9]+)?/)\S*",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        Timeout.Infinite)]
    private static partial Regex Address();

    [GeneratedRegex(@"(?<![\w-[가-힣]])([-\w-[가-힣]]{1,63}\.)+[a-z]{2,24}(?![\w-[가-힣]])", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Dotted();

    /// <summary>An underscore within a word is kept, and a tilde between two words or numbers (3시~4시).</summary>
    [GeneratedRegex(@"[`*|<>]+|~{2,}|(?<![\p{L}\p{N}])~|~(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])|^\s*(#{1,6}|[-+])\s+", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Marks();

    [GeneratedRegex(@"\s+", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Blanks();
}
