using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Summaries;
using AIChat.Infrastructure.Topics.Naming;
using Spectre.Console;

namespace AIChat.Evaluation.Summaries;

/// <summary>Summaries and names of two-person talks against those that people wrote (DialogSum, Chen et al. 2021).</summary>
internal static class SummaryEvaluation
{
    private const int FloorLines = 3;

    public static Command Create()
    {
        var data = new Option<DirectoryInfo>("--data") { Description = "Folder with dialogsum/*.jsonl (https://github.com/cylnlp/dialogsum).", Required = true };
        var command = new Command("summaries", "ROUGE of the extractive summariser and of topic names on DialogSum.") { data };
        command.SetAction((parse, _) => Run(parse.GetRequiredValue(data)));
        return command;
    }

    /// <returns>0; 1 where the data set is not there.</returns>
    public static async Task<int> Run(DirectoryInfo data)
    {
        var file = data.Exists ? data.EnumerateFiles("dialogsum*.jsonl", SearchOption.AllDirectories).MinBy(found => found.Name, StringComparer.Ordinal) : null;
        if (file is null)
        {
            AnsiConsole.MarkupLine("[red]No dialogsum*.jsonl below --data; see https://github.com/cylnlp/dialogsum[/]");
            return 1;
        }
        var talks = File.ReadLines(file.FullName).Where(line => line.Length > 0).Select(Talk.Read).ToArray();

        var table = new Table().Title($"{Markup.Escape(file.Name)}, {talks.Length} dialogues").AddColumns("system", "ROUGE-1", "ROUGE-2", "ROUGE-L");
        var digests = await new ExtractiveSummarizer().SummarizeAsync([.. talks.Select(talk => talk.Lines)], "en", CancellationToken.None);
        Add(table, "extractive", talks, (_, i) => digests[i].Content);
        Add(table, "lead-3", talks, (talk, _) => Join(talk.Turns.Take(FloorLines)));
        Add(table, "longest-3", talks, (talk, _) => Join(Longest(talk.Turns)));
        AnsiConsole.Write(table);

        var named = talks.Where(talk => talk.Topics.Count > 0).ToArray();
        if (named.Length == 0) return 0;
        var names = new KeywordNamer().Name([.. named.Select(talk => talk.Lines.Select(line => line.Content).ToArray())], new HashSet<string>(), new HashSet<string>());
        var best = named.Select((talk, i) => talk.Topics.Max(topic => RougeScore.Of(names[i].Name, topic).One)).Average();
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"Names: ROUGE-1 {100 * best:F1} against the best of the people's names.");
        return 0;
    }

    private static void Add(Table table, string system, Talk[] talks, Func<Talk, int, string> summary)
    {
        var score = RougeScore.Mean([.. talks.Select((talk, i) => talk.Score(summary(talk, i)))]);
        table.AddRow(system, $"{100 * score.One:F1}", $"{100 * score.Two:F1}", $"{100 * score.L:F1}");
    }

    private static IEnumerable<string> Longest(IReadOnlyList<string> turns) =>
        turns.Select((turn, at) => (turn, at)).OrderByDescending(pair => pair.turn.Length).Take(FloorLines).OrderBy(pair => pair.at).Select(pair => pair.turn);

    private static string Join(IEnumerable<string> turns) => string.Join(' ', turns);

    /// <summary>A dialogue; where several people summarised it, each score is the mean over them.</summary>
    private sealed record Talk(IReadOnlyList<string> Turns, IReadOnlyList<ChatLine> Lines, IReadOnlyList<string> Summaries, IReadOnlyList<string> Topics)
    {
        public static Talk Read(string json)
        {
            using var document = JsonDocument.Parse(json);
            var fields = document.RootElement.EnumerateObject().ToArray();
            var turns = document.RootElement.GetProperty("dialogue").GetString()!.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return new Talk(turns, [.. turns.Select(Line)], Texts(fields, "summary"), Texts(fields, "topic"));
        }

        public RougeScore Score(string summary) => RougeScore.Mean([.. Summaries.Select(reference => RougeScore.Of(summary, reference))]);

        /// <summary>The test set numbers its fields: summary1, summary2, summary3.</summary>
        private static string[] Texts(JsonProperty[] fields, string name) =>
            [.. fields.Where(field => field.Name.StartsWith(name, StringComparison.Ordinal) && field.Value.ValueKind == JsonValueKind.String).Select(field => field.Value.GetString()!)];

        private static ChatLine Line(string turn, int at)
        {
            var colon = turn.IndexOf(": ", StringComparison.Ordinal);
            var speaker = colon > 0 ? turn[..colon] : "";
            return new ChatLine(speaker, speaker, colon > 0 ? turn[(colon + 2)..] : turn, DateTimeOffset.UnixEpoch.AddMinutes(at));
        }
    }
}
