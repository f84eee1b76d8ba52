namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>Just enough English morphology to count "cards" with "card".</summary>
internal static class EnglishWords
{
    /// <summary>The singular of a lower-case noun, by rule; words that only look like plurals ("status", "bus", "linux") stay.</summary>
    public static string Singular(string word)
    {
        if (word.EndsWith("'s", StringComparison.Ordinal)) word = word[..^2];
        if (word.Length < 4 || word[^1] != 's' || word[^2] is 's' or 'u' or 'i' or '\'' || !char.IsAsciiLetterLower(word[^2])) return word;
        if (word.EndsWith("ies", StringComparison.Ordinal)) return word.Length > 4 ? word[..^3] + "y" : word[..^1];
        foreach (var hissing in (ReadOnlySpan<string>)["sses", "xes", "zzes", "ches", "shes"])
            if (word.EndsWith(hissing, StringComparison.Ordinal)) return word[..^2];
        return word[..^1];
    }

    /// <summary>A crude stem that lets "breathing" meet "breathe" when sentences are compared; never shown.</summary>
    public static string Stem(string word)
    {
        word = Singular(word);
        foreach (var ending in (ReadOnlySpan<string>)["ing", "ed", "ly", "er", "e"])
        {
            if (word.Length < ending.Length + 3 || !word.EndsWith(ending, StringComparison.Ordinal)) continue;
            word = word[..^ending.Length];
            if (word[^1] == word[^2] && word[^1] is not ('l' or 's' or 'z' or 'e' or 'o')) word = word[..^1];
            break;
        }
        return word[^1] == 'y' ? word[..^1] + "i" : word;
    }
}
