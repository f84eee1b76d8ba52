using System.Text.RegularExpressions;

namespace AIChat.Application.Summaries;

/// <summary>Detects the language, Korean or English, that most of a room's words are in. What is written alike in every language does not count: addresses, names of people, code, emoji.</summary>
internal static partial class RoomLanguage
{
    public const string Korean = "ko";
    public const string English = "en";

    /// <summary>Weights: a Hangul syllable carries about as much as 2.5 Latin letters, a single consonant or vowel of Hangul (ㅇㅋ) as much as one.</summary>
    private const int OfSyllable = 5, OfLetter = 2;

    public static string Of(IEnumerable<string> texts)
    {
        long hangul = 0, latin = 0;
        foreach (var text in texts)
        {
            var chunks = Text.Composed(text.Contains('`', StringComparison.Ordinal) ? Code().Replace(text, " ") : text).AsSpan();
            foreach (var range in chunks.SplitAny(' ', '\t', '\r', '\n', '\u00A0', '\u3000'))
                Count(chunks[range], ref hangul, ref latin);
        }

        return hangul >= latin && hangul > 0 ? Korean : English;
    }

    private static void Count(ReadOnlySpan<char> chunk, ref long hangul, ref long latin)
    {
        if (IsAddressOrMention(chunk))
            return;
        for (var at = 0; at < chunk.Length; at++)
        {
            hangul += Hangul.IsSyllable(chunk[at]) ? OfSyllable : Hangul.IsJamo(chunk[at]) ? OfLetter : 0;
            if (!IsPartOfCode(chunk[at]))
                continue;
            var start = at;
            while (at + 1 < chunk.Length && IsPartOfCode(chunk[at + 1]))
                at++;
            if (!IsCode(chunk[start..(at + 1)]))
                latin += OfLetter * LettersOf(chunk[start..(at + 1)]);
        }
    }

    private static bool IsAddressOrMention(ReadOnlySpan<char> chunk)
        => chunk.Contains('@') || chunk.Contains("://", StringComparison.Ordinal) || chunk.StartsWith("www.", StringComparison.OrdinalIgnoreCase) || chunk.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase);

    private static bool IsPartOfCode(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or '\\' or ':' or '+' or '#' or '=' or '&' or '%' or '~' or '$';

    /// <summary>A file, a path, an address without a scheme, an identifier (RoomLanguage, room_language, room.Language, utf8) or an emoji's name (:smile:).</summary>
    private static bool IsCode(ReadOnlySpan<char> run)
    {
        if ((run.Length > 2 && run[0] == ':' && run[^1] == ':') || run.Contains('_') || run.Contains("::", StringComparison.Ordinal))
            return true;
        for (var at = 1; at < run.Length; at++)
        {
            var (before, here, isInside) = (run[at - 1], run[at], at + 1 < run.Length && char.IsAsciiLetterOrDigit(run[at + 1]));
            if (here is '.' or '/' or '\\' or ':' && char.IsAsciiLetterOrDigit(before) && isInside)
                return true;
            if ((char.IsAsciiLetterLower(before) && char.IsAsciiLetterUpper(here)) || (char.IsAsciiLetter(before) && char.IsAsciiDigit(here)) || (char.IsAsciiDigit(before) && char.IsAsciiLetter(here)))
                return true;
        }

        return false;
    }

    private static int LettersOf(ReadOnlySpan<char> run)
    {
        var letters = 0;
        foreach (var c in run)
            letters += char.IsAsciiLetter(c) ? 1 : 0;
        return letters;
    }

    /// <summary>A block of code, to the end of the text where it is not closed, or code within a line.</summary>
    [GeneratedRegex(@"```.*?(```|\z)|`[^`\n]+`", RegexOptions.Singleline | RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Code();
}
