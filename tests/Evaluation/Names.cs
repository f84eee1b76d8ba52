using System.Text.RegularExpressions;
using AIChat.Domain.Topics;

namespace AIChat.Evaluation;

/// <summary>Finds a room's nicknames in its lines by exact match, independently of the product's own finder.</summary>
internal static partial class Names
{
    /// <summary>The lines without the words that are nicknames.</summary>
    public static IEnumerable<ChatLine> Strip(IReadOnlyList<ChatLine> lines)
    {
        var nicknames = lines.Where(line => line.Nickname.Length > 0).Select(line => line.Nickname).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return lines.Select(line => line with { Content = string.Join(' ', line.Content.Split(' ').Where(word => !nicknames.Contains(Bare(word)))) });
    }

    /// <summary>The first of the nicknames in a text: at its beginning, or after an @, or as a word of three letters or more.</summary>
    public static string? Spoken(string text, IReadOnlySet<string> nicknames)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i++)
        {
            var bare = Bare(words[i]);
            var marked = words[i][0] == '@' || (i == 0 && words[i][^1] is ':' or ',');
            if ((marked || bare.Length > 2) && nicknames.Contains(bare))
                return bare;
        }

        return null;
    }

    private static string Bare(string word) => Around().Replace(word, "");

    [GeneratedRegex("^[@(\"']+|[:,.;!?)\"']+$", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Around();
}
