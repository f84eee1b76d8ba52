namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>Splits a line into words and cuts words to stems.</summary>
internal static class Tokenizer
{
    private const int MaxWords = 60;

    /// <summary>Runs of letters and digits in lower case, without apostrophes (don't → dont); the first 60, cut to 24 letters each.</summary>
    public static List<string> Tokenize(string text)
    {
        var words = new List<string>();
        Span<char> word = stackalloc char[24];
        var length = 0;
        for (var i = 0; i <= text.Length && words.Count < MaxWords; i++)
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
    /// The part that two forms of a word share: the first six letters, or the first two Hangul syllables, which drops most English endings and Korean particles; a short
    /// English word loses its plural s.
    /// </summary>
    public static string Stem(string word)
    {
        var length = Hangul.IsSyllable(word[0]) ? 2 : 6;
        if (word.Length > length)
            return word[..length];
        return word.Length > 3 && word[^1] == 's' ? word[..^1] : word;
    }
}
