using System.Collections.Concurrent;
using System.Threading.Channels;
using AIChat.Application.Messages;
using AIChat.Domain.Rooms;
using MediatR;

namespace AIChat.Application.Topics;

/// <summary>
/// Wakes whoever classifies. It only wakes: the work itself is the store's messages without a verdict, so a wake that is lost costs time, never a message.
/// </summary>
public sealed class TopicQueue
{
    private readonly Channel<RoomId> rooms = Channel.CreateUnbounded<RoomId>();
    private readonly ConcurrentDictionary<RoomId, byte> waiting = new();

    public void Wake(RoomId room)
    {
        if (waiting.TryAdd(room, 0))
            rooms.Writer.TryWrite(room);
    }

    /// <summary>The next room with work; what comes for it from now on wakes it again.</summary>
    public async ValueTask<RoomId> NextAsync(CancellationToken cancellation)
    {
        var room = await rooms.Reader.ReadAsync(cancellation);
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
