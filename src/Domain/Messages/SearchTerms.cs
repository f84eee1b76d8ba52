using System.Text;

namespace AIChat.Domain.Messages;

/// <summary>
/// The terms by which words are found, in any script. Texts are normalised (NFC, case folded), cut at white space, and every two neighbouring characters of a word are
/// indexed. A word of the query is looked up by its own pairs and then checked as a substring, so 김치 finds 김치찌개가 and "net" finds "network".
/// </summary>
public static class SearchTerms
{
    public const int MaxQueryLength = 200;

    /// <summary>NFC and case folded. Upper-then-lower folds what has no single lower case, such as the two Greek sigmas.</summary>
    public static string Fold(string text) => Text.Composed(text).ToUpperInvariant().ToLowerInvariant();

    /// <summary>The words of a folded text.</summary>
    public static IReadOnlyList<string> Words(string folded) => folded.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>
    /// The terms to index of a text: each pair of neighbouring characters, and each word's last character alone, so that the entries that begin with a character
    /// lead to every text that holds it. Distinct, in no particular order.
    /// </summary>
    public static IReadOnlyCollection<string> ToIndex(string text)
    {
        var terms = new HashSet<string>(StringComparer.Ordinal);
        var found = terms.GetAlternateLookup<ReadOnlySpan<char>>();
        var folded = Fold(text);
        var before = 0; // length of the rune before
        var at = 0;
        foreach (var rune in folded.EnumerateRunes())
        {
            var blank = Rune.IsWhiteSpace(rune);
            if (before > 0)
                found.Add(folded.AsSpan(at - before, blank ? before : before + rune.Utf16SequenceLength));
            before = blank ? 0 : rune.Utf16SequenceLength;
            at += rune.Utf16SequenceLength;
        }

        if (before > 0)
            found.Add(folded.AsSpan(at - before));
        return terms;
    }

    /// <summary>The pairs that a text must have to hold this folded word; for a word of one character, that character, as a beginning of a pair.</summary>
    public static IReadOnlyCollection<string> ToLookUp(string foldedWord)
    {
        var runes = foldedWord.EnumerateRunes().ToArray();
        return runes.Length == 1
            ? [foldedWord]
            : Enumerable.Range(0, runes.Length - 1).Select(i => runes[i].ToString() + runes[i + 1]).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Whether a text holds every word of a query.</summary>
    public static bool Matches(string text, IReadOnlyList<string> foldedWords)
    {
        var folded = Fold(text);
        return foldedWords.All(word => folded.Contains(word, StringComparison.Ordinal));
    }
}
