using System.Runtime.CompilerServices;
using AIChat.Application.Summaries;
using AIChat.Application.Topics;
using AIChat.Domain.Topics;

namespace AIChat.Api.Summaries;

/// <summary>One event of a summary stream, the same over REST and the hub.</summary>
/// <param name="Event"><c>meta</c>, <c>topic</c>, <c>outcome</c>, <c>point</c>, <c>done</c> or <c>error</c>.</param>
/// <param name="Data">A <see cref="SummaryView"/> for <c>meta</c> (without points yet) and <c>done</c> (complete); otherwise a record of this file.</param>
public sealed record SummaryEventView(string Event, object Data);

/// <summary>A topic began; its number counts within its level.</summary>
public sealed record TopicBegunView(TopicLevel Level, int Topic, string TopicId, string Name, IReadOnlyList<string> Keywords);

/// <summary>A topic's outcome.</summary>
public sealed record OutcomeReadyView(TopicLevel Level, int Topic, OutcomeView Outcome);

/// <summary>A point of a topic.</summary>
public sealed record PointReadyView(TopicLevel Level, int Topic, SummaryPointView Point);

/// <summary>The summary failed.</summary>
/// <param name="RetryAfter">Seconds; null: a retry would not help.</param>
public sealed record SummaryFailedView(string Code, string Message, double? RetryAfter);

internal static class SummaryEvents
{
    private static readonly Error Inside = new("internal_error", "An internal error occurred and was logged.", ErrorKind.Unavailable);

    /// <summary>The events of a stream; a failure in the middle is the last event.</summary>
    public static async IAsyncEnumerable<SummaryEventView> ToWireAsync(this SummaryStream stream, ILogger log, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var events = stream.Events.GetAsyncEnumerator(cancellation);
        Error? failure = null;
        while (failure is null && await NextAsync())
            yield return Of(events.Current);
        if (failure is not null)
            yield return Of(new SummaryRefused(failure));

        async Task<bool> NextAsync()
        {
            try
            {
                return await events.MoveNextAsync();
            }
            catch (StoreUnavailableException outage)
            {
                failure = Problems.Of(outage);
            }
#pragma warning disable CA1031 // the answer has begun, so the failure must be part of it
            catch (Exception bug) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
            {
                log.LogError(bug, "A summary failed");
                failure = Inside;
            }

            return false;
        }
    }

    private static SummaryEventView Of(SummaryEvent happened) => happened switch
    {
        SummaryBegun begun => new SummaryEventView("meta", begun.Summary),
        SummaryTopicStarted topic => new SummaryEventView("topic", new TopicBegunView(topic.Level, topic.Number, topic.TopicId, topic.Name, topic.Keywords)),
        SummaryOutcomeReady topic => new SummaryEventView("outcome", new OutcomeReadyView(topic.Level, topic.Number, topic.Outcome)),
        SummaryPointReady point => new SummaryEventView("point", new PointReadyView(point.Level, point.Number, point.Point)),
        SummaryDone done => new SummaryEventView("done", done.Summary),
        SummaryRefused refused => new SummaryEventView("error", new SummaryFailedView(refused.Why.Code, ErrorTexts.Of(refused.Why), refused.Why.RetryAfter?.TotalSeconds)),
        _ => throw new InvalidOperationException("There are no other events."),
    };
}
