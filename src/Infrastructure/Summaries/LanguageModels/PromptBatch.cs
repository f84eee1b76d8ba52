using System.Text.Json;
using AIChat.Domain.Summaries;

namespace AIChat.Infrastructure.Summaries.LanguageModels;

/// <summary>One call of the model: its prompt, the lines behind each citation number, and the accepted answer.</summary>
internal sealed class PromptBatch
{
    /// <summary>The most points of one group.</summary>
    public const int MostPoints = 12;

    private readonly List<string> _topics = [];
    private readonly List<(int Topic, IReadOnlyList<int> Lines)> _numbers = [];
    private readonly Dictionary<int, (PromptGroup Group, List<CheckedPoint> Points)> _found = [];
    private readonly Dictionary<int, string> _names = [];

    public string Prompt => string.Join("\n", _topics);

    public int Topics => _topics.Count;

    /// <summary>Why the answer is missing or incomplete; null: it is complete.</summary>
    public Error? Refusal { get; set; }

    public void Add(int topic, PromptGroup group, IEnumerable<int> lines) => Add(topic, group, [.. lines.Select(line => ((IReadOnlyList<int>)[line], (Func<int, string>)(number => group.Line(line, number))))]);

    public void AddPoints(PromptGroup group, IReadOnlyList<CheckedPoint> points)
        => Add(1, group, [.. points.Select(point => (point.Point.Citations, (Func<int, string>)(number => SummaryPrompt.Point(point.Labelled, Kind(point.Point.Kind), number))))]);

    public IReadOnlyList<CheckedPoint> PointsOf(int topic) => _found[topic].Points;

    public string? NameOf(int topic) => _names.GetValueOrDefault(topic);

    public void Name(int? topic, string name)
    {
        if ((topic ?? Only()) is { } known)
            _names[known] = name;
    }

    /// <summary>Accepts a point that passes the check; null: it was rejected, repeated, or one too many.</summary>
    public CheckedPoint? Take(int? topic, JsonElement written)
    {
        if ((topic ?? Only()) is not { } known || !_found.TryGetValue(known, out var of) || of.Points.Count == MostPoints)
            return null;
        var point = of.Group.Check.Of(written, number => number >= 1 && number <= _numbers.Count && _numbers[number - 1].Topic == known ? _numbers[number - 1].Lines : null);
        if (point is null || of.Points.Exists(other => other.Point.Text == point.Point.Text))
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

    private int? Only() => _topics.Count == 1 ? 1 : null;

    private void Add(int topic, PromptGroup group, IReadOnlyList<(IReadOnlyList<int> Lines, Func<int, string> Shown)> entries)
    {
        _found[topic] = (group, []);
        var lines = new List<string>(entries.Count);
        foreach (var (standsFor, shown) in entries)
        {
            _numbers.Add((topic, standsFor));
            lines.Add(shown(_numbers.Count));
        }

        _topics.Add(SummaryPrompt.Topic(topic, lines));
    }
}
