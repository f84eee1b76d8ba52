using System.Text.Json;
using AIChat.Domain.Topics;

namespace AIChat.Evaluation.Naming;

/// <summary>A room and the names that people would give its conversations.</summary>
/// <param name="Name">Of the file.</param>
/// <param name="Texts">What was said, line by line.</param>
/// <param name="Conversations">The conversation of each line.</param>
/// <param name="Titles">The name of each conversation.</param>
internal sealed record TitledRoom(string Name, IReadOnlyList<string> Texts, IReadOnlyList<int> Conversations, IReadOnlyList<string> Titles, IReadOnlySet<string> Nicknames)
{
    /// <summary>The written rooms of a set beside this program, in the order of their names.</summary>
    /// <param name="set"><c>learn</c> or <c>choose</c>; see WrittenRooms/README.md.</param>
    public static List<TitledRoom> Read(string set) =>
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "WrittenRooms", set), "*.gold.json").Order(StringComparer.Ordinal).Select(ReadFile)];

    private static TitledRoom ReadFile(string gold)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(gold));
        var titles = json.RootElement.GetProperty("conversations").EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetProperty("title").GetString()!, StringComparer.Ordinal);
        var numbers = titles.Keys.Select((key, number) => (key, number)).ToDictionary(pair => pair.key, pair => pair.number, StringComparer.Ordinal);
        var lines = File.ReadLines(gold.Replace(".gold.json", ".jsonl", StringComparison.Ordinal)).Where(line => line.Length > 0).Select(line => JsonElement.Parse(line)).ToList();
        return new TitledRoom(
            Path.GetFileName(gold)[..^".gold.json".Length],
            [.. lines.Select(line => line.GetProperty("content").GetString()!)],
            [.. lines.Select(line => numbers[line.GetProperty("conversation").GetString()!])],
            [.. titles.Values],
            lines.Select(line => line.GetProperty("nickname").GetString()!).ToHashSet(StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The texts of each conversation, in the order of <see cref="Titles"/>.</summary>
    public IReadOnlyList<TopicTexts> Groups() => [.. Titles.Select((_, conversation) => new TopicTexts([.. Texts.Where((_, line) => Conversations[line] == conversation)]))];
}
