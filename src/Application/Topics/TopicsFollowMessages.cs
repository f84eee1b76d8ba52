using AIChat.Application.Common;
using AIChat.Application.Messages;
using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>
/// Takes a deleted message out of its topics' counts, and finds the names and the outcome anew after a message was edited or deleted: its old words may be in them.
/// </summary>
internal sealed class TopicsFollowMessages(
    ITopicRepository topics, IMessageRepository messages, TopicRenamer names, RoomLeases leases, OnlineClassifierCache classifiers, EventPublisher events)
    : INotificationHandler<MessageDeleted>, INotificationHandler<MessageEdited>
{
    public async Task Handle(MessageDeleted notification, CancellationToken cancellationToken)
    {
        await topics.ForgetAsync(notification.Message, cancellationToken);
        await RenameAsync(notification.Room, notification.Message.Id, cancellationToken);
    }

    public Task Handle(MessageEdited notification, CancellationToken cancellationToken)
        => RenameAsync(notification.Room, new MessageId(notification.Message.Id), cancellationToken);

    private async Task RenameAsync(RoomId room, MessageId message, CancellationToken cancellation)
    {
        using (var held = await leases.EnterAsync(room, cancellation))
        {
            // Not as it was when it changed: meanwhile its old words may have been filed.
            if (await messages.FindAsync(room, message, cancellation) is not { TopicId: { } topic })
                return;

            // Another node classifies this room; its next re-classification renames the topics and finds the outcome.
            if (held is null)
                await topics.ForgetOutcomeAsync(room, topic, cancellation);
            else
                await topics.SaveAssignmentsAsync(held.Lease, [], await names.RenameAsync(room, [topic], cancellation), cancellation);
            classifiers.Forget(room);
        }

        await events.PublishAsync(new MessagesAssigned(room, [], SetChanged: true));
    }
}
