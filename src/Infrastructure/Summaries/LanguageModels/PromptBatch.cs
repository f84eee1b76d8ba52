using System.Text.Json;
using AIChat.Domain.Summaries;

namespace AIChat.Infrastructure.Summaries.LanguageModels;

/// <summary>One question: which number stands for which lines, and what came of it.</summary>
internal sealed class PromptBatch
{
    /// <summary>Of one group; more is no summary.</summary>
    public const int MostPoints = 12;

    private readonly List<string> topics = [];
    private readonly List<(int Topic, IReadOnlyList<int> Lines)> numbers = [];
    private readonly Dictionary<int, (PromptGroup LabelledGroup, List<SummaryPoint> Points)> found = [];
    private readonly Dictionary<int, string> names = [];

    public string Prompt => string.Join("\n", topics);

    public int Topics => topics.Count;

    /// <summary>Why there is no answer, or no whole one.</summary>
    public Error? Refusal { get; set; }

    public void Add(int topic, PromptGroup group, IEnumerable<int> lines) => Add(topic, group, [.. lines.Select(line => ((IReadOnlyList<int>)[line], (Func<int, string>)(number => group.Line(line, number))))]);

    public void AddPoints(PromptGroup group, IReadOnlyList<SummaryPoint> points)
        => Add(1, group, [.. points.Select(point => (point.Citations, (Func<int, string>)(number => SummaryPrompt.Point(point.Text, Kind(point.Kind), number))))]);

    public IReadOnlyList<SummaryPoint> PointsOf(int topic) => found[topic].Points;

    public string? NameOf(int topic) => names.GetValueOrDefault(topic);

    public void Name(int? topic, string name)
    {
        if ((topic ?? Only()) is { } known)
            names[known] = name;
    }

    /// <summary>The point, if it stands up to the check and there is room for it.</summary>
    public SummaryPoint? Take(int? topic, JsonElement written)
    {
        if ((topic ?? Only()) is not { } known || !found.TryGetValue(known, out var of) || of.Points.Count == MostPoints)
            return null;
        var point = of.LabelledGroup.Check.Of(written, number => number >= 1 && number <= numbers.Count && numbers[number - 1].Topic == known ? numbers[number - 1].Lines : null);
        if (point is null || of.Points.Exists(other => other.Text == point.Text))
            return null;
        of.Points.Add(point);
        return point;
    }

    private static string Kind(PointKind kind) => kind switch
    {
        PointKind.Decision => "decision",
        PointKind.ActionItem => "actionItem",
        PointKind.Question => "question",
        PointKind.Statement => "statement",
    };

    private int? Only() => topics.Count == 1 ? 1 : null;

    private void Add(int topic, PromptGroup group, IReadOnlyList<(IReadOnlyList<int> Lines, Func<int, string> Shown)> entries)
    {
        found[topic] = (group, []);
        var lines = new List<string>(entries.Count);
        foreach (var (standsFor, shown) in entries)
        {
            numbers.Add((topic, standsFor));
            lines.Add(shown(numbers.Count));
        }

        topics.Add(SummaryPrompt.Topic(topic, lines));
    }
}
