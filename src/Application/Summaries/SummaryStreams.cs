using AIChat.Application.Topics;
using AIChat.Domain.Summaries;

namespace AIChat.Application.Summaries;

/// <param name="Events">Read once. Leaving early cancels the run if no other caller follows it.</param>
public sealed record SummaryStream(IAsyncEnumerable<SummaryEvent> Events);

/// <summary>Answers a summary request: from the store while nothing has changed, otherwise by a run that concurrent callers share.</summary>
internal sealed class SummaryStreams(
    IMessageRepository messages, ISummaryRepository summaries, ISummarizer summarizer, SummaryReader reader, SummaryWriter writer, SummaryRuns runs, TopicQueue queue, TimeProvider time)
{
    private static readonly TimeSpan ClassificationTimeout = TimeSpan.FromSeconds(10);

    /// <param name="request">The request, from a caller who may read the room.</param>
    /// <param name="room">The room.</param>
    /// <param name="cancellation">Cancels the run if no other caller follows it.</param>
    public async Task<Result<SummaryStream>> OpenAsync(SummaryRequest request, Room room, CancellationToken cancellation)
    {
        if (!await IsClassifiedAsync(room, cancellation))
            return SummaryErrors.StillClassifying;
        var scope = await reader.ReadAsync(request, cancellation);
        var key = request.KeyFor(summarizer.Engine);
        var fingerprint = scope.Fingerprint;
        var stored = await summaries.FindAsync(room.Id, key, fingerprint, request.Reader, cancellation);

        // If a language model should have written it but could not, the model is asked again.
        return new SummaryStream(stored is not null && SummaryView.Of(stored) is { InsteadOf: null } view
            ? Replay(view)
            : runs.FollowAsync($"{room.Id} {key} {request.Reader} {fingerprint}", stopping => writer.WriteAsync(request, scope, key, stopping), cancellation));
    }

    /// <summary>The events of a stored summary, as if it were written now.</summary>
    private static async IAsyncEnumerable<SummaryEvent> Replay(SummaryView stored)
    {
        var empty = LevelsOf<IReadOnlyDictionary<string, TopicSummaryView>>.From(_ => new Dictionary<string, TopicSummaryView>());
        yield return new SummaryBegun(stored with { Summaries = empty });
        foreach (var step in SummaryEvent.Of(stored))
            yield return step;
        yield return new SummaryDone(stored);
    }

    /// <summary>Waits for the newest messages to be classified: without topics they cannot be grouped.</summary>
    private async Task<bool> IsClassifiedAsync(Room room, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while ((await messages.ListAsync(MessagesOfRoom.Unclassified(room.Id, 1), cancellation)) is [var waiting] && waiting.Seq <= room.LastSeq)
        {
            if (time.GetElapsedTime(started) > ClassificationTimeout)
                return false;
            queue.Wake(room.Id);
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellation);
        }

        return true;
    }
}
