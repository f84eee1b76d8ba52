using AIChat.Application.Messages;
using AIChat.Domain.Topics;
using MediatR;

namespace AIChat.Application.Topics;

/// <summary>A message that is taken back leaves its topics' counts.</summary>
internal sealed class TopicsFollowMessages(ITopicRepository topics) : INotificationHandler<MessageDeleted>
{
    public Task Handle(MessageDeleted notification, CancellationToken cancellationToken) => topics.ForgetAsync(notification.Message, cancellationToken);
}
