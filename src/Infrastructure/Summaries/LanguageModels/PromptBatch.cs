using System.Text.Json;
using AIChat.Domain.Summaries;
using AIChat.Infrastructure.LanguageModels;

namespace AIChat.Infrastructure.Summaries.LanguageModels;

/// <summary>One call of the model: its prompt, the lines behind each citation number, and the accepted answer.</summary>
internal sealed class PromptBatch
{
    /// <summary>The most points of one group.</summary>
    public const int MostPoints = 12;

    private readonly List<string> _topics = [];
    private readonly List<(int Topic, IReadOnlyList<int> Lines)> _numbers = [];
    private readonly Dictionary<int, (PromptGroup Group, List<CheckedPoint> Points)> _found = [];
    private readonly Dictionary<int, CheckedPoint> _outcomes = [];
    private readonly Dictionary<int, string> _names = [];
    private readonly HashSet<int> _rejected = [];

    public string Prompt => string.Join("\n", _topics);

    public int Topics => _topics.Count;

    /// <summary>Why the answer is missing or incomplete; null: it is complete.</summary>
    public Error? Refusal { get; set; }

    public void Add(int topic, PromptGroup group, IEnumerable<int> lines) => Add(topic, group, [.. lines.Select(line => ((IReadOnlyList<int>)[line], (Func<int, string>)(number => group.Line(line, number))))]);

    public void AddPoints(PromptGroup group, IReadOnlyList<CheckedPoint> points)
        => Add(1, group, [.. points.Select(point => (point.Point.Citations, (Func<int, string>)(number => SummaryPrompt.Point(point.Labelled, Kind(point.Point.Kind), number))))]);

    public IReadOnlyList<CheckedPoint> PointsOf(int topic) => _found[topic].Points;

    /// <summary>The topic's outcome, if there is one.</summary>
    public IReadOnlyList<CheckedPoint> OutcomesOf(int topic) => _outcomes.TryGetValue(topic, out var outcome) ? [outcome] : [];

    public string? NameOf(int topic) => _names.GetValueOrDefault(topic);

    /// <summary>Whether the model named the topic and had nothing to say of it, which is so of chatter.</summary>
    public bool IsChatter(int topic) => Refusal is null && _names.ContainsKey(topic) && !_rejected.Contains(topic) && _found[topic].Points.Count == 0 && !_outcomes.ContainsKey(topic);

    public void Name(int? topic, string name)
    {
        if ((topic ?? Only()) is { } known)
            _names[known] = name;
    }

    /// <summary>Accepts a point that passes the check; null: it was rejected, repeated, or one too many.</summary>
    public CheckedPoint? Take(int? topic, JsonElement written)
    {
        if (Check(topic, written) is not var (known, point) || _found[known].Points is not { Count: < MostPoints } points || points.Exists(other => other.Point.Text == point.Point.Text))
            return null;
        points.Add(point);
        return point;
    }

    /// <summary>Accepts a topic's first outcome; null: it was rejected. One that is weak is taken as a point.</summary>
    public CheckedPoint? TakeOutcome(int? topic, JsonElement written)
    {
        if (Check(topic, written) is not var (known, outcome))
            return null;
        if (!outcome.Point.IsWeak)
            return _outcomes.TryAdd(known, outcome) ? outcome : null;
        if (_found[known].Points.Count < MostPoints)
            _found[known].Points.Insert(0, outcome);
        return null;
    }

    private static string Kind(PointKind kind) => kind switch
    {
        PointKind.Decision => "decision",
        PointKind.ActionItem => "actionItem",
        PointKind.Question => "question",
        PointKind.Statement => "statement",
    };

    private (int Topic, CheckedPoint Point)? Check(int? topic, JsonElement written)
    {
        if ((topic ?? Only()) is not { } known || !_found.TryGetValue(known, out var of))
            return null;
        var point = of.Group.Check.Of(written, number => number >= 1 && number <= _numbers.Count && _numbers[number - 1].Topic == known ? _numbers[number - 1].Lines : null);
        if (point is not null)
            return (known, point);
        _rejected.Add(known);
        return null;
    }

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
