using AIChat.Application.Messages;
using AIChat.Domain.Summaries;

namespace AIChat.Application.Summaries;

/// <summary>Removes every summary that covers an edited or deleted message: the old words must not survive in it.</summary>
internal sealed class SummariesFollowMessages(ISummaryRepository summaries) : INotificationHandler<MessageEdited>, INotificationHandler<MessageDeleted>
{
    public Task Handle(MessageEdited notification, CancellationToken cancellationToken)
        => summaries.DropCoveringAsync(notification.Room, notification.Message.Seq, cancellationToken);

    public Task Handle(MessageDeleted notification, CancellationToken cancellationToken)
        => summaries.DropCoveringAsync(notification.Room, notification.Message.Seq, cancellationToken);
}
