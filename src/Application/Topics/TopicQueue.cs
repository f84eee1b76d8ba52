using System.Collections.Concurrent;
using System.Threading.Channels;
using AIChat.Application.Messages;

namespace AIChat.Application.Topics;

/// <summary>
/// Wakes whoever classifies. It only wakes: the work itself is the store's messages without a verdict, so a wake that is lost costs time, never a message.
/// </summary>
public sealed class TopicQueue(TimeProvider time)
{
    // Nobody notices it, and in a busy room several messages share the cost of a batch.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    private readonly Channel<(RoomId Room, long Woken)> rooms = Channel.CreateUnbounded<(RoomId, long)>();
    private readonly ConcurrentDictionary<RoomId, byte> waiting = new();

    public void Wake(RoomId room)
    {
        if (waiting.TryAdd(room, 0))
            rooms.Writer.TryWrite((room, time.GetTimestamp()));
    }

    /// <summary>The next room with work; what comes for it from now on wakes it again.</summary>
    public async ValueTask<RoomId> NextAsync(CancellationToken cancellation)
    {
        var (room, woken) = await rooms.Reader.ReadAsync(cancellation);
        var left = Gathering - time.GetElapsedTime(woken);
        if (left > TimeSpan.Zero)
            await Task.Delay(left, time, cancellation);
        waiting.TryRemove(room, out _);
        return room;
    }
}

internal sealed class WakeOnMessages(TopicQueue queue) : INotificationHandler<MessagePosted>, INotificationHandler<MessagesImported>
{
    public Task Handle(MessagePosted notification, CancellationToken cancellationToken)
    {
        queue.Wake(notification.Room);
        return Task.CompletedTask;
    }

    public Task Handle(MessagesImported notification, CancellationToken cancellationToken)
    {
        queue.Wake(notification.Room);
        return Task.CompletedTask;
    }
}
