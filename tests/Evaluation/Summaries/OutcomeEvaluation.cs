using System.Globalization;
using System.Text.Json;
using AIChat.Application.Summaries;
using AIChat.Domain.Topics;
using AIChat.Evaluation.Training;
using AIChat.Infrastructure.Summaries.Extractive;
using AIChat.Infrastructure.Topics.Classifiers;
using AIChat.Infrastructure.Topics.Outcomes;
using Spectre.Console;
using Text = AIChat.Domain.Common.Text;

namespace AIChat.Evaluation.Summaries;

/// <summary>
/// How many of a room's outcomes the summary of its conversations cites, as the classifier finds them, and in how many words. An outcome is one or more lines, any of which
/// will do. In the written rooms each line that says what came of a conversation is one.
/// </summary>
internal static class OutcomeEvaluation
{
    private const int MessagesAsked = 500;

    private static readonly ExtractiveSummarizer Engine = new(new OutcomeFinder());

    /// <param name="data">Where outcomes-demo.json may lie: by conversation, a list of outcomes, each a list of ids.</param>
    public static async Task RunAsync(DirectoryInfo data, CancellationToken cancellation)
    {
        var table = new Table().Title("Outcomes cited, and the words of a summary of 500 messages").AddColumns("rooms", "system", "outcomes", "cited", "%", "words a room", "topics shown");
        foreach (var set in (string[])["learn", "choose"])
            await AddAsync(table, $"written, {set}", [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "WrittenRooms", set), "*.jsonl").Order(StringComparer.Ordinal).Select(ReadWritten)], cancellation);
        if (data.EnumerateFiles("outcomes-demo.json", SearchOption.AllDirectories).FirstOrDefault() is { } demo)
            await AddAsync(table, "demo", [Read(Path.Combine(AppContext.BaseDirectory, "demo", "busy-room.jsonl"), OutcomesIn(demo.FullName))], cancellation);
        AnsiConsole.Write(table);
    }

    private static async Task AddAsync(Table table, string name, List<Room> rooms, CancellationToken cancellation)
    {
        var (engine, floor) = (new List<Cited>(), new List<Cited>());
        foreach (var room in rooms)
        {
            var found = await new ConversationClassifier().ClassifyAsync(room.Lines, ClassificationMode.Full, null, cancellation);
            var groups = Enumerable.Range(0, room.Lines.Count).Where(line => found.High[line] >= 0).GroupBy(line => found.High[line]).Select(group => group.ToArray()).ToList();
            var words = SummaryLength.Words(MessagesAsked, room.Lines.Sum(line => Text.Words(line.Content)));
            engine.Add(Summarized(groups, room.Lines, words));
            floor.Add(LastLines(groups, room.Lines, words));
        }

        AddRow(table, name, "extractive", rooms, engine);
        AddRow(table, name, "last lines of the longest", rooms, floor);
    }

    private static Cited Summarized(List<int[]> groups, IReadOnlyList<ChatLine> lines, int words)
    {
        var parts = groups.ConvertAll(group => (WrittenPart.Of(Engine.Summarize([.. group.Select(line => lines[line])]), line => group[line].ToString(CultureInfo.InvariantCulture)), group.Length));
        var shown = SummaryLength.Choose(parts, words);
        var points = shown.SelectMany(part => part.All).ToList();
        return new Cited([.. points.SelectMany(point => point.Citations).Select(id => int.Parse(id, CultureInfo.InvariantCulture))], points.Sum(point => point.Words), shown.Count(part => part.IsAny));
    }

    /// <summary>The floor: the last line of each conversation, the longest conversations first, as many as fit.</summary>
    private static Cited LastLines(List<int[]> groups, IReadOnlyList<ChatLine> lines, int most)
    {
        var (cited, words) = (new HashSet<int>(), 0);
        foreach (var last in groups.OrderByDescending(group => group.Length).Select(group => group[^1]))
        {
            var more = Text.Words(lines[last].Content) + 1;
            if (words + more > most)
                continue;
            words += more;
            cited.Add(last);
        }

        return new Cited(cited, words, cited.Count);
    }

    private static void AddRow(Table table, string name, string system, List<Room> rooms, List<Cited> summaries)
    {
        var cited = rooms.Zip(summaries, (room, summary) => room.Outcomes.Count(outcome => outcome.Overlaps(summary.Lines))).Sum();
        var all = rooms.Sum(room => room.Outcomes.Count);
        string Mean(Func<Cited, int> of) => summaries.Average(of).ToString("F0", CultureInfo.InvariantCulture);
        table.AddRow(
            name, system, all.ToString(CultureInfo.InvariantCulture), cited.ToString(CultureInfo.InvariantCulture), (100.0 * cited / all).ToString("F1", CultureInfo.InvariantCulture),
            Mean(summary => summary.Words), Mean(summary => summary.Topics));
    }

    private static Room ReadWritten(string path)
    {
        using var gold = JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(path, ".gold.json")));
        return Read(path, [.. gold.RootElement.GetProperty("conversations").EnumerateObject().SelectMany(conversation => conversation.Value.GetProperty("outcomeLines").EnumerateArray()).Select(id => (string[])[id.GetString()!])]);
    }

    private static List<string[]> OutcomesIn(string path)
        => [.. JsonSerializer.Deserialize<Dictionary<string, string[][]>>(File.ReadAllText(path))!.SelectMany(conversation => conversation.Value)];

    private static Room Read(string path, List<string[]> outcomes)
    {
        var ids = File.ReadLines(path).Where(line => line.Length > 0).Select((line, i) => (JsonElement.Parse(line).GetProperty("id").GetString()!, i)).ToDictionary(StringComparer.Ordinal);
        return new Room(WrittenRoom.ReadFile(path, withReplies: true).Lines, outcomes.ConvertAll(any => any.Select(id => ids[id]).ToHashSet()));
    }

    private sealed record Room(IReadOnlyList<ChatLine> Lines, IReadOnlyList<HashSet<int>> Outcomes);

    private sealed record Cited(HashSet<int> Lines, int Words, int Topics);
}
