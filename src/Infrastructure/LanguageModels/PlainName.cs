using AIChat.Infrastructure.Topics.Naming;

namespace AIChat.Infrastructure.LanguageModels;

/// <summary>A model's name for a topic.</summary>
internal static class PlainName
{
    private const int Longest = 60;

    /// <returns>Two to five plain words without a nickname; null: it is not such a name.</returns>
    public static string? Of(string written, IEnumerable<string> nicknames)
    {
        var people = new Nicknames(nicknames.ToHashSet(StringComparer.Ordinal));
        var words = WordScanner.Scan(PlainSentence.Of(written, [])).Where(word => !people.Has(word.Key)).Select(word => word.Surface).ToList();
        var name = string.Join(' ', words);
        return words.Count is >= 2 and <= 5 && name.Length <= Longest && !people.IsSpelledOutIn(name) ? name : null;
    }
}
