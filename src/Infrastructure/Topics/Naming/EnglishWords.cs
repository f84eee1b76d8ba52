using System.Collections.Frozen;

namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>Rules of English morphology, enough to count "cards" with "card".</summary>
internal static class EnglishWords
{
    /// <summary>Articles and possessives, before nouns.</summary>
    public static readonly FrozenSet<string> Determiners =
        new[] { "a", "an", "the", "my", "your", "his", "her", "our", "their", "this", "that", "some", "any" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The singular of a lower-case noun, by rule; words that only look like plurals ("status", "bus", "linux") are unchanged.</summary>
    public static string Singular(string word)
    {
        if (word.EndsWith("'s", StringComparison.Ordinal)) word = word[..^2];
        if (word.Length < 4 || word[^1] != 's' || word[^2] is 's' or 'u' or 'i' or '\'' || !char.IsAsciiLetterLower(word[^2])) return word;
        if (word.EndsWith("ies", StringComparison.Ordinal)) return word.Length > 4 ? word[..^3] + "y" : word[..^1];
        foreach (var sibilant in (ReadOnlySpan<string>)["sses", "xes", "zzes", "ches", "shes"])
            if (word.EndsWith(sibilant, StringComparison.Ordinal)) return word[..^2];
        return word[..^1];
    }

    /// <summary>The base form of a verb of <see cref="WordLists.EnglishActions"/>: "renting" and "rents" give "rent"; null for any other word.</summary>
    public static string? Action(string word)
    {
        if (IsAction(word)) return word;
        if (word.EndsWith("ing", StringComparison.Ordinal) && word.Length > 4)
            return Known(word[..^3]) ?? Known(word[..^3] + "e") ?? Known(word[..^4]);
        if (word.EndsWith("ed", StringComparison.Ordinal) && word.Length > 4)
            return Known(word[..^2]) ?? Known(word[..^1]) ?? Known(word[..^3]);
        return word.Length > 3 && word[^1] == 's' ? Known(word[..^1]) : null;

        static bool IsAction(string word) => WordLists.EnglishActions.Contains(word);
        static string? Known(string word) => IsAction(word) ? word : null;
    }

    /// <summary>Whether a word looks like a past tense, an adverb, an adjective in -able, or the -ing form of a known verb.</summary>
    public static bool LooksLikeVerb(string word) =>
        word.EndsWith("ed", StringComparison.Ordinal) || word.EndsWith("ly", StringComparison.Ordinal) || word.EndsWith("able", StringComparison.Ordinal)
        || (word.EndsWith("ing", StringComparison.Ordinal) && Action(word) is not null);

    /// <summary>A crude stem for comparing sentences, equal for "breathing" and "breathe"; never shown.</summary>
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
