namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>A line's words, and how rare each is in the room so far.</summary>
internal static class Tokenizer
{
    private const int Most = 60;

    /// <summary>Runs of letters and digits, lower case; apostrophes fall away (don't → dont).</summary>
    public static List<string> Of(string text)
    {
        var words = new List<string>();
        Span<char> word = stackalloc char[24];
        var length = 0;
        for (var i = 0; i <= text.Length && words.Count < Most; i++)
        {
            var letter = i < text.Length ? text[i] : ' ';
            if (char.IsLetterOrDigit(letter))
            {
                if (length < word.Length)
                    word[length++] = char.ToLowerInvariant(letter);
            }
            else if (letter is not '\'' and not '’' && length > 0)
            {
                words.Add(new string(word[..length]));
                length = 0;
            }
        }

        return words;
    }

    /// <summary>
    /// What two words must share to count as one: English plurals and tenses, and what Korean adds to a noun, fall away with everything after the sixth letter, or
    /// the second syllable.
    /// </summary>
    public static string Stem(string word)
    {
        var kept = word[0] is >= '가' and <= '힣' ? 2 : 6;
        if (word.Length > kept)
            return word[..kept];
        return word.Length > 3 && word[^1] == 's' ? word[..^1] : word;
    }
}
