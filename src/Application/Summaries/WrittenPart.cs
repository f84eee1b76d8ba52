using System.Text.Json.Serialization;
using AIChat.Application.Topics;
using AIChat.Domain.Summaries;

namespace AIChat.Application.Summaries;

/// <summary>A conversation's summary as it is stored, whole: what is shown of it depends on the other conversations (<see cref="SummaryLength"/>). Lines are replaced by message ids.</summary>
internal sealed record WrittenPart(string Engine, string? Name, IReadOnlyList<WrittenPoint> Outcomes, IReadOnlyList<WrittenPoint> Points, IReadOnlyList<string> Unread)
{
    /// <param name="summary">What an engine wrote.</param>
    /// <param name="id">The id of the message behind a line of the group.</param>
    public static WrittenPart Of(GroupSummary summary, Func<int, string> id) => new(
        summary.Engine, summary.Name, [.. summary.Outcomes.Select(outcome => WrittenPoint.Of(outcome, id))], [.. summary.Points.Select(point => WrittenPoint.Of(point, id))], [.. summary.Unread.Select(id)]);

    /// <summary>The part of a theme: what each of its conversations came to, or else the most important point of it.</summary>
    public static WrittenPart OfTheme(IReadOnlyList<WrittenPart> conversations) => new(
        conversations.FirstOrDefault(part => part.Engine != SummaryDraft.Extractive)?.Engine ?? SummaryDraft.Extractive,
        null,
        [],
        [.. conversations.Select(part => part.Outcomes.Count > 0 ? part.Outcomes[0] : part.Points.MaxBy(point => point.Importance)).OfType<WrittenPoint>()],
        [.. conversations.SelectMany(part => part.Unread)]);
}

/// <summary>A point, or an outcome, with the ids of the messages that say so.</summary>
/// <param name="Importance">See <see cref="SummaryPoint.Importance"/>.</param>
internal sealed record WrittenPoint(string Text, IReadOnlyList<string> Citations, PointKind Kind, bool Weak, double Importance)
{
    [JsonIgnore]
    public int Words => Domain.Common.Text.Words(Text);

    public static WrittenPoint Of(SummaryPoint point, Func<int, string> id) => new(point.Text, [.. point.Citations.Select(id)], point.Kind, point.IsWeak, point.Importance);

    public SummaryPointView ToView() => new(Text, Citations, Kind, Weak);

    public OutcomeView ToOutcome() => new(Text, Citations);
}
