using System.Collections.Frozen;
using AIChat.Infrastructure.Topics.Naming;

namespace AIChat.Infrastructure.Summaries.Extractive;

/// <summary>Extracts a text's content words as keys that are equal across inflections.</summary>
internal sealed class TermReader(KoreanWords korean)
{
    private static readonly FrozenSet<string> Weak = WordLists.EnglishWeak.Select(EnglishWords.Stem).Concat(WordLists.KoreanWeak).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether a key stands for a common verb or adjective that says little about the subject ("want", 생각).</summary>
    public static bool IsWeak(string key) => Weak.Contains(key);

    public List<string> Read(string text)
    {
        List<string> terms = [];
        foreach (var word in WordScanner.Scan(text))
        {
            if (Key(word) is { } key) terms.Add(key);
        }
        return terms;
    }

    private string? Key(Word word)
    {
        if (word.Script != Script.Hangul)
            return word.Key.Length < 2 || WordLists.EnglishStop.Contains(word.Key) ? null : EnglishWords.Stem(word.Key);
        if (WordLists.KoreanStop.Contains(word.Key)) return null;
        // The first two syllables of a verb are the same in most of its forms (기다려, 기다렸어).
        return korean.Noun(word.Key)?.Stem ?? (word.Key.Length > 2 ? word.Key[..2] : word.Key);
    }
}
