using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Summaries.Extractive;
using AIChat.Infrastructure.Topics.Outcomes;
using Spectre.Console;
using Text = AIChat.Domain.Common.Text;

namespace AIChat.Evaluation.Summaries;

/// <summary>Summaries of two-person dialogues against those that people wrote (DialogSum, Chen et al. 2021), and summaries of meetings (<see cref="MeetingEvaluation"/>).</summary>
internal static class SummaryEvaluation
{
    private const int FloorLines = 3;

    private static readonly ExtractiveSummarizer Engine = new(new OutcomeFinder());
    private const int Long = 1_000;

    public static Command Create()
    {
        var data = new Option<DirectoryInfo>("--data") { Description = "Folder with dialogsum/*.jsonl (https://github.com/cylnlp/dialogsum) and, if wanted, qmsum/*.jsonl (https://github.com/Yale-LILY/QMSum).", Required = true };
        var command = new Command("summaries", "ROUGE of the extractive summariser on DialogSum and QMSum, and how long 1,000 messages take.") { data };
        command.SetAction((parse, cancellation) => RunAsync(parse.GetRequiredValue(data), cancellation));
        return command;
    }

    /// <returns>0; 1 where the data set is missing.</returns>
    private static async Task<int> RunAsync(DirectoryInfo data, CancellationToken cancellation)
    {
        await OutcomeEvaluation.RunAsync(data, cancellation);
        var file = data.Exists ? data.EnumerateFiles("dialogsum*.jsonl", SearchOption.AllDirectories).MinBy(found => found.Name, StringComparer.Ordinal) : null;
        if (file is null)
        {
            AnsiConsole.MarkupLine("[red]No dialogsum*.jsonl below --data; see https://github.com/cylnlp/dialogsum[/]");
            return 1;
        }
        var talks = File.ReadLines(file.FullName).Where(line => line.Length > 0).Select(Dialogue.Read).ToArray();

        var table = new Table().Title($"{Markup.Escape(file.Name)}, {talks.Length} dialogues").AddColumns("system", "ROUGE-1", "ROUGE-2", "ROUGE-L", "words");
        var digests = talks.Select(talk => Engine.Summarize(talk.Lines)).ToArray();
        Add(table, "extractive", talks, (_, i) => digests[i].Content);
        Add(table, "extractive, even", [.. talks.Where((_, i) => i % 2 == 0)], (_, i) => digests[2 * i].Content);
        Add(table, "extractive, odd", [.. talks.Where((_, i) => i % 2 == 1)], (_, i) => digests[(2 * i) + 1].Content);
        Add(table, "lead-3", talks, (talk, _) => Join(talk.Turns.Take(FloorLines)));
        Add(table, "longest-3", talks, (talk, _) => Join(Longest(talk.Turns)));
        AnsiConsole.Write(table);
        Console.WriteLine($"{Long} messages: {Took([.. talks.SelectMany(talk => talk.Lines).Take(Long)]).TotalMilliseconds:F0} ms");
        MeetingEvaluation.Run(data);
        return 0;
    }

    /// <summary>The best time of several runs.</summary>
    private static TimeSpan Took(ChatLine[] lines)
        => Enumerable.Range(0, 5).Min(_ =>
        {
            var began = Stopwatch.GetTimestamp();
            Engine.Summarize(lines);
            return Stopwatch.GetElapsedTime(began);
        });

    private static void Add(Table table, string system, Dialogue[] talks, Func<Dialogue, int, string> summary)
    {
        var texts = talks.Select(summary).ToList();
        var score = RougeScore.Mean([.. talks.Select((talk, i) => talk.Score(texts[i]))]);
        table.AddRow(system, $"{100 * score.One:F1}", $"{100 * score.Two:F1}", $"{100 * score.L:F1}", $"{texts.Average(Text.Words):F1}");
    }

    public static IEnumerable<string> Longest(IReadOnlyList<string> turns, int howMany = FloorLines) =>
        turns.Select((turn, at) => (turn, at)).OrderByDescending(pair => pair.turn.Length).Take(howMany).OrderBy(pair => pair.at).Select(pair => pair.turn);

    private static string Join(IEnumerable<string> turns) => string.Join(' ', turns);

    /// <summary>A dialogue; where several people summarised it, each score is the mean over them.</summary>
    private sealed record Dialogue(IReadOnlyList<string> Turns, IReadOnlyList<ChatLine> Lines, IReadOnlyList<string> Summaries)
    {
        public static Dialogue Read(string json)
        {
            using var document = JsonDocument.Parse(json);
            var fields = document.RootElement.EnumerateObject().ToArray();
            var turns = document.RootElement.GetProperty("dialogue").GetString()!.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return new Dialogue(turns, [.. turns.Select(Line)], Texts(fields, "summary"));
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
