using System.Globalization;
using AIChat.Evaluation.Scoring;
using Spectre.Console;

namespace AIChat.Evaluation.Commands;

/// <summary>A table with one row for each method; plain columns where the output is no terminal.</summary>
internal sealed class ScoreTable
{
    private static readonly string[] Heads = ["method", "link P", "link R", "link F", "VI", "ARI", "1-1", "Shen", "exact P", "exact R", "exact F"];

    private readonly List<string[]> _rows = [];

    public void Add(string method, ConversationScore score) => AddCells(method, [.. Values(score).Select(value => value.ToString("F2", CultureInfo.InvariantCulture))]);

    /// <summary>Adds a row of means over rooms; without link scores where the annotations have no links.</summary>
    public void AddMean(string method, IReadOnlyList<ConversationScore> scores)
    {
        var means = scores.Select(score => Values(score).ToArray()).Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)]).Select(sum => sum / scores.Count).ToArray();
        AddCells(method, [.. means.Select((mean, at) => at < 3 ? "–" : mean.ToString("F2", CultureInfo.InvariantCulture))]);
    }

    public void Print(string title)
    {
        if (Console.IsOutputRedirected)
        {
            Console.WriteLine(title);
            foreach (var row in _rows.Prepend(Heads))
                Console.WriteLine($"{row[0],-44}" + string.Concat(row.Skip(1).Select(cell => cell.PadLeft(9))));
            return;
        }

        var table = new Table().Title(Markup.Escape(title));
        foreach (var head in Heads)
            table.AddColumn(head);
        foreach (var row in _rows)
            table.AddRow([.. row.Select(Markup.Escape)]);
        AnsiConsole.Write(table);
    }

    private static IEnumerable<double> Values(ConversationScore s) =>
        [s.LinkPrecision, s.LinkRecall, s.LinkF, s.Vi, s.Ari, s.OneToOne, s.Shen, s.ExactPrecision, s.ExactRecall, s.ExactF];

    private void AddCells(string method, string[] cells) => _rows.Add([method, .. cells]);
}
