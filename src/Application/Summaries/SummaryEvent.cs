using System.Globalization;
using AIChat.Application.Topics;
using AIChat.Domain.Topics;

namespace AIChat.Application.Summaries;

/// <summary>One step of writing a summary. The last event is <see cref="SummaryDone"/> or <see cref="SummaryRefused"/>.</summary>
public abstract record SummaryEvent
{
    /// <summary>A summary's topics with their outcomes and points as events, conversations first; topics of which nothing is shown are left out.</summary>
    internal static IEnumerable<SummaryEvent> Of(SummaryView summary)
    {
        foreach (var level in Enum.GetValues<TopicLevel>().Reverse())
        {
            foreach (var (label, topic) in summary.Summaries.At(level).Where(topic => topic.Value.Outcome is not null || topic.Value.Points.Count > 0))
            {
                var number = int.Parse(label, CultureInfo.InvariantCulture);
                yield return new SummaryTopicStarted(level, number, topic.TopicId, topic.Name, topic.Keywords);
                if (topic.Outcome is { } outcome)
                    yield return new SummaryOutcomeReady(level, number, outcome);
                foreach (var point in topic.Points)
                    yield return new SummaryPointReady(level, number, point);
            }
        }
    }
}

/// <summary>The summary's outline, without any topic summary.</summary>
public sealed record SummaryBegun(SummaryView Summary) : SummaryEvent;

/// <summary>The outcome and the points of this topic follow.</summary>
public sealed record SummaryTopicStarted(TopicLevel Level, int Number, string TopicId, string Name, IReadOnlyList<string> Keywords) : SummaryEvent;

/// <summary>A topic's outcome, as soon as it is known.</summary>
public sealed record SummaryOutcomeReady(TopicLevel Level, int Number, OutcomeView Outcome) : SummaryEvent;

/// <summary>A point as soon as it is known. <see cref="SummaryDone"/> decides: it may have merged points, and shows none of those that matter least.</summary>
public sealed record SummaryPointReady(TopicLevel Level, int Number, SummaryPointView Point) : SummaryEvent;

/// <summary>The whole summary.</summary>
public sealed record SummaryDone(SummaryView Summary) : SummaryEvent;

/// <summary>There is no summary, and why.</summary>
public sealed record SummaryRefused(Error Why) : SummaryEvent;
