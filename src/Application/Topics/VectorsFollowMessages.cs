using AIChat.Application.Messages;
using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>
/// Removes the embedding of an edited or deleted message. Re-classification embeds the newest messages again; older edited messages and imported ones mark the
/// room for <see cref="EmbedUnseenRooms"/>.
/// </summary>
internal sealed class VectorsFollowMessages(IEmbeddingRepository vectors, IRoomRepository rooms)
    : INotificationHandler<MessageEdited>, INotificationHandler<MessageDeleted>, INotificationHandler<MessagesImported>
{
    public async Task Handle(MessageEdited notification, CancellationToken cancellationToken)
    {
        var (room, seq) = (notification.Room, notification.Message.Seq);
        await vectors.RemoveAsync(room, seq, cancellationToken);
        if (await rooms.FindAsync(room, cancellationToken) is { } found && found.LastSeq - seq >= ReclassificationWindow.Size)
            await vectors.SetSeenAsync(room, null, cancellationToken);
    }

    public Task Handle(MessageDeleted notification, CancellationToken cancellationToken) => vectors.RemoveAsync(notification.Room, notification.Message.Seq, cancellationToken);

    public Task Handle(MessagesImported notification, CancellationToken cancellationToken) => vectors.SetSeenAsync(notification.Room, null, cancellationToken);
}
