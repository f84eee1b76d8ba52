using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>Finds the messages of a room that a re-classification covers.</summary>
internal sealed class ReclassificationRange(IRoomRepository rooms, IMessageRepository messages, ITopicRepository topics, TimeProvider time)
{
    private static readonly TimeSpan ClassificationTimeout = TimeSpan.FromMinutes(10);

    /// <summary>Waits until the messages that are there at the start are classified.</summary>
    /// <returns>The last message and change to cover.</returns>
    public async Task<ReclassifiedUpTo> EndAsync(RoomId room, CancellationToken cancellation)
    {
        var (last, rev) = await rooms.FindAsync(room, cancellation) is { } known ? (known.LastSeq, known.Rev) : (0, 0);
        var started = time.GetTimestamp();
        while (true)
        {
            var waiting = await messages.ListAsync(MessagesOfRoom.Unclassified(room, 1), cancellation);
            if (waiting.Count == 0 || waiting[0].Seq > last)
                return new ReclassifiedUpTo(last, rev);
            if (time.GetElapsedTime(started) > ClassificationTimeout)
                return new ReclassifiedUpTo(waiting[0].Seq - 1, rev);
            await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellation);
        }
    }

    /// <summary>Number of the first message that was added or changed since the last re-classification.</summary>
    public async Task<long> FirstChangedAsync(RoomId room, CancellationToken cancellation)
    {
        var last = await topics.ReclassifiedUpToAsync(room, cancellation);
        var first = last.Seq + 1;
        for (var rev = last.Rev; ;)
        {
            var changes = await messages.ChangedAfterAsync(room, rev, 500, cancellation);
            if (changes.Messages.Count == 0)
                return first;
            first = Math.Min(first, changes.Messages.Min(message => message.Seq));
            rev = changes.Rev;
        }
    }
}
