using AIChat.Application.Common;
using AIChat.Application.Messages;
using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>
/// A message that is taken back leaves its topics' counts; and their names and keywords, which may have been its words, are found anew from what is still said.
/// The same where words were changed.
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
            // Another node that files here takes the names from the store when it looks at the room again.
            if (held is null)
                return;
            await topics.SaveAssignmentsAsync(held.Lease, [], await names.FindAsync(room, [topic], cancellation), cancellation);
            classifiers.Forget(room);
        }

        await events.PublishAsync(new MessagesAssigned(room, [], SetChanged: true));
    }
}
