using System.Collections.Concurrent;
using AIChat.Application.Messages;
using AIChat.Application.Rooms;
using AIChat.Application.Summaries;
using AIChat.Application.Topics;
using AIChat.Domain.Rooms;
using Microsoft.AspNetCore.SignalR;

namespace AIChat.Api.Realtime;

/// <summary>Sends the events of a room to its listeners.</summary>
internal sealed class RoomBroadcasts(IHubContext<ChatHub, IChatClient> hub, BoundedFanOut fanOut, TimeProvider time)
    : INotificationHandler<RoomOpened>,
        INotificationHandler<MessagePosted>,
        INotificationHandler<MessageEdited>,
        INotificationHandler<MessageDeleted>,
        INotificationHandler<ReadMoved>,
        INotificationHandler<MessagesAssigned>,
        INotificationHandler<TopicDrifted>,
        INotificationHandler<SummaryMade>
{
    // The interval of topics events while a busy room's topics keep changing.
    private static readonly TimeSpan TopicsPause = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<RoomId, byte> _pendingTopics = new();

    public Task Handle(RoomOpened notification, CancellationToken cancellationToken) => hub.Clients.All.newRoom(notification.Room);

    public Task Handle(MessagePosted notification, CancellationToken cancellationToken) => To(notification.Room).chat(notification.Message);

    public Task Handle(MessageEdited notification, CancellationToken cancellationToken) => To(notification.Room).chatUpdated(notification.Message);

    public Task Handle(MessageDeleted notification, CancellationToken cancellationToken)
        => To(notification.Room).chatDeleted(new DeletedEvent(notification.Room.Value, notification.Message.Id.Value));

    public Task Handle(ReadMoved notification, CancellationToken cancellationToken) => To(new RoomId(notification.Mark.ChannelId)).read(notification.Mark);

    public Task Handle(MessagesAssigned notification, CancellationToken cancellationToken)
    {
        var room = notification.Room;
        var assigned = notification.Messages.Select(message => new object[] { new TopicEvent(room.Value, message.Id.Value, message.Topic?.Value, message.Previous?.Value) }).ToList();
        fanOut.SendGroup(ChatHub.Group(room), nameof(IChatClient.topic), assigned);
        if (notification.SetChanged && _pendingTopics.TryAdd(room, 0))
            _ = SendTopicsAsync(room);
        return Task.CompletedTask;
    }

    public Task Handle(TopicDrifted notification, CancellationToken cancellationToken)
        => To(notification.Room).topicDrift(new TopicDriftEvent(notification.Room.Value, notification.Topic.Value, notification.From.Value));

    public Task Handle(SummaryMade notification, CancellationToken cancellationToken)
        => notification.Reader is null ? To(notification.Room).summary(notification.Summary) : Task.CompletedTask;

    private async Task SendTopicsAsync(RoomId room)
    {
        await Task.Delay(TopicsPause, time, CancellationToken.None);
        _pendingTopics.TryRemove(room, out _);
        await To(room).topics(new TopicsEvent(room.Value));
    }

    private IChatClient To(RoomId room) => hub.Clients.Group(ChatHub.Group(room));
}
