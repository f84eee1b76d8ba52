using System.Collections.Concurrent;
using System.Threading.Channels;
using AIChat.Application.Messages;

namespace AIChat.Application.Topics;

/// <summary>
/// Rooms with unclassified messages. An entry is only a signal: the work itself is in the store, so a lost signal delays a message but never loses it.
/// </summary>
public sealed class TopicQueue(TimeProvider time)
{
    // Too short to be noticed; in a busy room several messages share one batch.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    private readonly Channel<(RoomId Room, long Woken)> _rooms = Channel.CreateUnbounded<(RoomId, long)>();
    private readonly ConcurrentDictionary<RoomId, byte> _waiting = new();

    public void Wake(RoomId room)
    {
        if (_waiting.TryAdd(room, 0))
            _rooms.Writer.TryWrite((room, time.GetTimestamp()));
    }

    /// <summary>Waits for the next room. Messages that arrive from now on signal it again.</summary>
    public async ValueTask<RoomId> NextAsync(CancellationToken cancellation)
    {
        var (room, woken) = await _rooms.Reader.ReadAsync(cancellation);
        var left = Gathering - time.GetElapsedTime(woken);
        if (left > TimeSpan.Zero)
            await Task.Delay(left, time, cancellation);
        _waiting.TryRemove(room, out _);
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
