using AIChat.Application.Reads;
using AIChat.Application.Topics;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;

namespace AIChat.Application.Summaries;

/// <summary>Answers a question for a summary: from the store as long as nothing has changed, else by a making that all who ask meanwhile share.</summary>
internal sealed class SummaryAnswers(
    IMessageRepository messages, ISummaryRepository summaries, ISummarizer summarizer, SummaryReader reader, SummaryWriter writer, SummaryRuns makings, TopicQueue queue, TimeProvider time)
{
    private static readonly TimeSpan OnlineClassificationTimeout = TimeSpan.FromSeconds(10);

    /// <param name="request">The question, from somebody who may read the room.</param>
    /// <param name="room">The room.</param>
    /// <param name="cancellation">Ends the making, if nobody else follows it.</param>
    public async Task<Result<SummaryStream>> FollowAsync(SummarizeRoom request, Room room, CancellationToken cancellation)
    {
        if (!await IsFiledAsync(room, cancellation))
            return SummaryErrors.StillClassifying;
        var scope = await reader.ReadAsync(request, cancellation);
        var key = SummaryRequest.KeyOf(request, summarizer.Engine);
        var fingerprint = scope.Fingerprint;
        var stored = await summaries.FindAsync(room.Id, key, fingerprint, request.Reader, cancellation);

        // Where a model was to answer and could not, it is asked again.
        return new SummaryStream(stored is not null && SummaryView.Of(stored) is { InsteadOf: null } view
            ? Again(view)
            : makings.FollowAsync($"{room.Id} {key} {request.Reader} {fingerprint}", ending => writer.WriteAsync(request, scope, key, ending), cancellation));
    }

    /// <summary>A stored one, as if it had been made now.</summary>
    private static async IAsyncEnumerable<SummaryEvent> Again(SummaryView stored)
    {
        var nothing = LevelsOf<IReadOnlyDictionary<string, TopicSummaryView>>.From(_ => new Dictionary<string, TopicSummaryView>());
        yield return new SummaryBegun(stored with { Summaries = nothing });
        foreach (var level in Enum.GetValues<TopicLevel>().Reverse())
        {
            foreach (var (number, topic) in stored.Summaries.At(level))
            {
                var at = int.Parse(number, System.Globalization.CultureInfo.InvariantCulture);
                yield return new SummaryTopicStarted(level, at, topic.TopicId, topic.Name, topic.Keywords);
                foreach (var point in topic.Points)
                    yield return new SummaryPointReady(level, at, point);
            }
        }

        yield return new SummaryDone(stored);
    }

    /// <summary>Waits a moment for messages that are just being filed; a summary of them without topics would say nothing.</summary>
    private async Task<bool> IsFiledAsync(Room room, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while ((await messages.ListAsync(MessagesOfRoom.Unclassified(room.Id, 1), cancellation)) is [var waiting] && waiting.Seq <= room.LastSeq)
        {
            if (time.GetElapsedTime(started) > OnlineClassificationTimeout)
                return false;
            queue.Wake(room.Id);
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellation);
        }

        return true;
    }
}
