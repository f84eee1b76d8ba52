using AIChat.Application.Messages;
using AIChat.Domain.Summaries;

namespace AIChat.Application.Summaries;

/// <summary>A summary goes when a message that it covers is changed or taken back: its words would otherwise live on there.</summary>
internal sealed class SummariesFollowMessages(ISummaryRepository summaries) : INotificationHandler<MessageEdited>, INotificationHandler<MessageDeleted>
{
    public Task Handle(MessageEdited notification, CancellationToken cancellationToken)
        => summaries.DropCoveringAsync(notification.Room, notification.Message.Seq, cancellationToken);

    public Task Handle(MessageDeleted notification, CancellationToken cancellationToken)
        => summaries.DropCoveringAsync(notification.Room, notification.Message.Seq, cancellationToken);
}
