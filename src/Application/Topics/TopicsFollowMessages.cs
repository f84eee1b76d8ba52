using AIChat.Application.Common;
using AIChat.Application.Messages;
using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>
/// Takes a deleted message out of its topics' counts, and names the topics of an edited or deleted message again: its old words may be in their names and keywords.
/// </summary>
internal sealed class TopicsFollowMessages(ITopicRepository topics, TopicRenamer names, RoomLeases leases, OnlineClassifierCache classifiers, EventPublisher events)
    : INotificationHandler<MessageDeleted>, INotificationHandler<MessageEdited>
{
    public async Task Handle(MessageDeleted notification, CancellationToken cancellationToken)
    {
        await topics.ForgetAsync(notification.Message, cancellationToken);
        await RenameAsync(notification.Room, notification.Message.TopicId, cancellationToken);
    }

    public Task Handle(MessageEdited notification, CancellationToken cancellationToken)
        => RenameAsync(notification.Room, notification.Message.TopicId is { } topic ? new TopicId(topic) : null, cancellationToken);

    private async Task RenameAsync(RoomId room, TopicId? conversation, CancellationToken cancellation)
    {
        if (conversation is not { } topic)
            return;
        using (var held = await leases.EnterAsync(room, cancellation))
        {
            // Another node classifies this room; its next re-classification renames the topics.
            if (held is null)
                return;
            await topics.SaveAssignmentsAsync(held.Lease, [], await names.RenameAsync(room, [topic], cancellation), cancellation);
            classifiers.Forget(room);
        }

        await events.PublishAsync(new MessagesAssigned(room, [], SetChanged: true));
    }
}
