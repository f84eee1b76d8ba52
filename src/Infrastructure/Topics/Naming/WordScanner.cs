namespace AIChat.Infrastructure.Topics.Naming;

internal enum Script
{
    Hangul,
    Latin,
    Other,
}

/// <summary>A word in a text.</summary>
/// <param name="Surface">As written.</param>
/// <param name="Key">In lower case and composed (NFC).</param>
/// <param name="Script">Hangul where any letter is Hangul.</param>
/// <param name="OpensSentence">Whether it is the first word of a sentence, where a capital letter shows nothing.</param>
/// <param name="Adjoins">Whether only white space separates it from the previous word.</param>
internal readonly record struct Word(string Surface, string Key, Script Script, bool OpensSentence, bool Adjoins);

/// <summary>Finds the words of an untrusted text: letters and digits with <c>+#.-_'&amp;</c> inside, no addresses, mentions, tags or bare numbers.</summary>
internal static class WordScanner
{
    /// <summary>Longer runs are keys, hashes or random typing.</summary>
    public const int LongestWord = 24;

    /// <summary>Characters of a text that are scanned; the rest of a pasted book adds nothing.</summary>
    private const int LongestText = 20_000;

    public static List<Word> Scan(string text)
    {
        List<Word> words = [];
        text = Text.Composed(text);
        if (text.Length > LongestText) text = text[..LongestText];
        bool opens = true, adjoins = false;
        var at = 0;
        while (at < text.Length)
        {
            var c = text[at];
            if (c == '<' && TagEnd(text, at) is var tag and > 0)
            {
                at = tag;
                adjoins = false;
            }
            else if (StartsChunk(text, at) && SkipsChunk(text, at) is var end and > 0)
            {
                at = end;
                adjoins = false;
            }
            else if (IsPart(c))
            {
                end = WordEnd(text, at);
                var known = words.Count;
                Add(words, text[at..end], opens, adjoins);
                adjoins = words.Count > known;
                opens = false;
                at = end;
            }
            else
            {
                if (c is '.' or '!' or '?' or '\n' or '…' or '。') opens = true;
                if (!char.IsWhiteSpace(c)) adjoins = false;
                at++;
            }
        }
        return words;
    }

    /// <summary>All runs of letters and digits, in lower case.</summary>
    public static string[] Split(string text)
    {
        var spaced = Text.Composed(text).ToLowerInvariant().Select(c => char.IsLetterOrDigit(c) ? c : ' ').ToArray();
        return new string(spaced).Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Letters and digits, but not the lone consonants and vowels of ㅋㅋ and ㅠㅠ.</summary>
    private static bool IsPart(char c) => char.IsLetterOrDigit(c) && !Hangul.IsJamo(c);

    private static bool StartsChunk(string text, int at) => at == 0 || char.IsWhiteSpace(text[at - 1]) || text[at - 1] is '(' or '<' or '"';

    /// <summary>End of a web or mail address, a path, or a mention that begins here; 0 where none does.</summary>
    private static int SkipsChunk(string text, int at)
    {
        var end = at;
        while (end < text.Length && !char.IsWhiteSpace(text[end])) end++;
        var chunk = text.AsSpan(at, end - at);
        var slash = chunk.IndexOf('/');
        var skip = chunk.Contains("://", StringComparison.Ordinal) || chunk.StartsWith("www.", StringComparison.OrdinalIgnoreCase) || chunk.Contains('@')
            || (slash >= 0 && chunk[(slash + 1)..].Contains('/')) || (slash > 0 && chunk[..slash].Contains('.'));
        return skip ? end : 0;
    }

    private static int TagEnd(string text, int at)
    {
        var next = at + 1;
        if (next < text.Length && text[next] is '/' or '!') next++;
        if (next >= text.Length || !char.IsAsciiLetter(text[next])) return 0;
        var end = text.IndexOf('>', next, Math.Min(200, text.Length - next));
        return end + 1;
    }

    private static int WordEnd(string text, int at)
    {
        var end = at + 1;
        while (end < text.Length)
        {
            if (IsPart(text[end])) end++;
            else if (text[end] is '-' or '_' or '\'' or '’' or '&' or '+' && end + 1 < text.Length && IsPart(text[end + 1])) end += 2;
            else if (text[end] == '.' && IsShortSuffix(text, end + 1)) end += 2;
            else break;
        }
        // C++ and C#, but not "50+" or a trailing dash.
        if (end < text.Length && char.IsAsciiLetter(text[end - 1]) && text[end] is '+' or '#')
        {
            while (end < text.Length && text[end] is '+' or '#') end++;
        }
        return end;
    }

    /// <summary>"node.js" and "asp.net" are words; "done.thanks" is two.</summary>
    private static bool IsShortSuffix(string text, int at)
    {
        var end = at;
        while (end < text.Length && char.IsAsciiLetterOrDigit(text[end])) end++;
        return end - at is > 0 and <= 3 && char.IsAsciiLetterOrDigit(text[at - 2]) && (end == text.Length || !IsPart(text[end]));
    }

    private static void Add(List<Word> words, string surface, bool opens, bool adjoins)
    {
        surface = surface.Replace('’', '\'');
        if (surface.Length > LongestWord || !surface.Any(char.IsLetter)) return;
        if (!Hangul.Contains(surface))
        {
            // Digits first is a size, a price or a hash ("4gb", "6e3d"), not a name.
            if (!char.IsAsciiDigit(surface[0])) words.Add(new Word(surface, surface.ToLowerInvariant(), LatinOrOther(surface), opens, adjoins));
            return;
        }
        if (char.IsAsciiDigit(surface[0])) return;
        var latin = 0;
        while (latin < surface.Length && !Hangul.IsSyllable(surface[latin])) latin++;
        if (latin > 1 && Particles.Is(surface.AsSpan(latin)))
            words.Add(new Word(surface[..latin], surface[..latin].ToLowerInvariant(), LatinOrOther(surface[..latin]), opens, adjoins));
        else
            words.Add(new Word(surface, surface.ToLowerInvariant(), Script.Hangul, opens, adjoins));
    }

    private static Script LatinOrOther(string word) => word.Any(char.IsAsciiLetter) ? Script.Latin : Script.Other;
}
