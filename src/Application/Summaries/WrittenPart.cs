using AIChat.Domain.Summaries;

namespace AIChat.Application.Summaries;

/// <summary>A group's summary as it is stored: lines are replaced by message ids.</summary>
internal sealed record WrittenPart(string Engine, string Content, string? Name, IReadOnlyList<SummaryPointView> Points, IReadOnlyList<string> Unread)
{
    public static WrittenPart Of(GroupSummary summary, SummaryGroup group) => new(
        summary.Engine, summary.Content, summary.Name, [.. summary.Points.Select(point => PointOf(point, group))], [.. summary.Unread.Select(line => group.Messages[line].Id.Value)]);

    public static SummaryPointView PointOf(SummaryPoint point, SummaryGroup group)
        => new(point.Text, [.. point.Citations.Select(line => group.Messages[line].Id.Value)], point.Kind, point.IsWeak);
}
