using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Summaries.Extractive;
using AIChat.Infrastructure.Topics.Outcomes;
using Spectre.Console;

namespace AIChat.Evaluation.Summaries;

/// <summary>
/// Summaries of meeting transcripts against those that people wrote (QMSum, Zhong et al. 2021): of whole meetings ("general queries"), and of the parts of one that the answer
/// to a question rests on ("specific queries"). The engine does not know the question. Transcribers' marks ({vocalsound}) are left out for all alike.
/// </summary>
internal static partial class MeetingEvaluation
{
    private const int FloorLines = 3;

    private static readonly ExtractiveSummarizer Engine = new(new OutcomeFinder());

    public static void Run(DirectoryInfo data)
    {
        var file = data.EnumerateFiles("*.jsonl", SearchOption.AllDirectories).Where(found => found.Directory!.Name.StartsWith("qmsum", StringComparison.Ordinal)).MinBy(found => found.Name, StringComparer.Ordinal);
        if (file is null)
        {
            Console.WriteLine("No qmsum/*.jsonl below --data: no meetings.");
            return;
        }

        var (whole, stretches) = (new List<Meeting>(), new List<Meeting>());
        foreach (var line in File.ReadLines(file.FullName).Where(line => line.Length > 0))
        {
            using var document = JsonDocument.Parse(line);
            var turns = document.RootElement.GetProperty("meeting_transcripts").EnumerateArray().Select((turn, at) => TurnOf(turn, at)).ToArray();
            foreach (var query in document.RootElement.GetProperty("general_query_list").EnumerateArray())
                whole.Add(new Meeting(turns, query.GetProperty("answer").GetString()!));
            foreach (var query in document.RootElement.GetProperty("specific_query_list").EnumerateArray())
                stretches.Add(new Meeting([.. query.GetProperty("relevant_text_span").EnumerateArray().SelectMany(span => turns[Number(span[0])..(Number(span[1]) + 1)])], query.GetProperty("answer").GetString()!));
        }

        Print($"{file.Directory!.Name}/{file.Name}, {whole.Count} meetings", whole);
        Print($"{file.Directory!.Name}/{file.Name}, {stretches.Count} stretches of meetings", stretches);
    }

    private static void Print(string title, List<Meeting> talks)
    {
        talks = talks.FindAll(talk => talk.Turns.Count > 0);
        var table = new Table().Title(Markup.Escape(title)).AddColumns("system", "ROUGE-1", "ROUGE-2", "ROUGE-L", "words");
        Add(table, "extractive", talks, talk => Engine.Summarize(talk.Turns).Content);
        Add(table, "lead-3", talks, talk => Join(talk.Turns.Take(FloorLines).Select(Written)));
        Add(table, "longest-3", talks, talk => Join(SummaryEvaluation.Longest([.. talk.Turns.Select(Written)])));
        Add(table, "lead, as many words", talks, talk => string.Join(' ', Join(talk.Turns.Select(Written)).Split(' ').Take(Engine.Summarize(talk.Turns).Content.Split(' ').Length)));
        AnsiConsole.Write(table);
    }

    private static void Add(Table table, string system, List<Meeting> talks, Func<Meeting, string> summary)
    {
        var texts = talks.ConvertAll(talk => summary(talk));
        var score = RougeScore.Mean([.. texts.Zip(talks, (text, talk) => RougeScore.Of(text, talk.Summary))]);
        table.AddRow(system, F(score.One), F(score.Two), F(score.L), texts.Average(text => text.Split(' ').Length).ToString("F0", CultureInfo.InvariantCulture));
    }

    private static string F(double score) => (100 * score).ToString("F1", CultureInfo.InvariantCulture);

    private static string Join(IEnumerable<string> turns) => string.Join(' ', turns);

    private static string Written(ChatLine line) => $"{line.Nickname}: {line.Content}";

    private static int Number(JsonElement text) => int.Parse(text.GetString()!, CultureInfo.InvariantCulture);

    private static ChatLine TurnOf(JsonElement turn, int at)
    {
        var speaker = turn.GetProperty("speaker").GetString()!;
        var text = Blanks().Replace(Mark().Replace(turn.GetProperty("content").GetString()!, " "), " ");
        return new ChatLine(speaker, speaker, Gap().Replace(text, "${sign}").Trim(), DateTimeOffset.UnixEpoch.AddMinutes(at));
    }

    [GeneratedRegex(@"\{[a-z ]*\}", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Mark();

    [GeneratedRegex(@"\s+", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Blanks();

    /// <summary>Removes the blank before punctuation that the transcripts have: "OK , so it 's that ."</summary>
    [GeneratedRegex(@" (?<sign>[.,?!;:]|'[a-z]{1,2}\b)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Gap();

    private sealed record Meeting(IReadOnlyList<ChatLine> Turns, string Summary);
}
