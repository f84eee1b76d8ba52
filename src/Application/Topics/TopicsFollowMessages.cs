using AIChat.Application.Common;
using AIChat.Application.Messages;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;
using MediatR;

namespace AIChat.Application.Topics;

/// <summary>
/// A message that is taken back leaves its topics' counts; and their names and keywords, which may have been its words, are found anew from what is still said.
/// The same where words were changed.
/// </summary>
internal sealed class TopicsFollowMessages(ITopicRepository topics, IMessageRepository messages, ITopicNamer namer, RoomLeases leases, RoomFollowers followers, Announcer announcer)
    : INotificationHandler<MessageDeleted>, INotificationHandler<MessageEdited>
{
    private const int NamedFrom = 200;

    public async Task Handle(MessageDeleted notification, CancellationToken cancellationToken)
    {
        await topics.ForgetAsync(notification.Message, cancellationToken);
        await RenameAsync(notification.Room, notification.Message.TopicId, cancellationToken);
    }

    public Task Handle(MessageEdited notification, CancellationToken cancellationToken)
        => RenameAsync(notification.Room, notification.Message.TopicId is { } topic ? new TopicId(topic) : null, cancellationToken);

    private async Task RenameAsync(RoomId room, TopicId? conversation, CancellationToken cancellation)
    {
        if (conversation is null)
            return;
        using (var held = await leases.EnterAsync(room, cancellation))
        {
            // Another node that files here takes the names from the store when it looks at the room again.
            if (held is null)
                return;
            var known = await topics.ListAsync(TopicsOfRoom.All(room), cancellation);
            var renamed = new List<Topic>();
            for (var topic = known.FirstOrDefault(one => one.Id == conversation); topic is not null; topic = known.FirstOrDefault(one => one.Id == topic.ParentId))
            {
                var said = await messages.ListAsync(MessagesOfRoom.Before(room, null, NamedFrom, await topics.ConversationsUnderAsync(room, topic.Id, cancellation)), cancellation);
                var texts = said.Where(message => !message.IsDeleted).Select(message => message.Content!).ToList();
                var nicknames = said.Select(message => message.Nickname).ToHashSet(StringComparer.OrdinalIgnoreCase);
                var taken = known.Where(other => other.Level == topic.Level && other.Id != topic.Id).Select(other => other.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
                topic.Suggest(texts.Count > 0 ? namer.Name([texts], nicknames, taken)[0] : new TopicName("–", []));
                renamed.Add(topic);
            }

            await topics.SaveVerdictsAsync(held.Lease, [], renamed, cancellation);
            followers.Forget(room);
        }

        await announcer.TellAsync(new MessagesFiled(room, [], SetChanged: true));
    }
}
