using AIChat.Application.Common;
using AIChat.Application.Rooms;

namespace AIChat.Application.Messages;

/// <summary>An author deletes their message; a tombstone keeps its number.</summary>
public sealed record DeleteMessage(RoomId Room, MessageId Message, UserId By) : IRequest<Result<MessageView>>;

/// <summary>A message was deleted.</summary>
public sealed record MessageDeleted(RoomId Room, Message Message) : INotification;

internal sealed class DeleteMessageHandler(RoomAccess access, IMessageRepository messages, TimeProvider time, EventPublisher events)
    : IRequestHandler<DeleteMessage, Result<MessageView>>
{
    public async Task<Result<MessageView>> Handle(DeleteMessage request, CancellationToken cancellationToken)
    {
        if (!(await access.ToPostAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        var changed = await messages.ChangeAsync(room.Id, request.Message, TakeBack, cancellationToken);
        if (!changed.Succeeded(out var deleted, out refusal))
            return refusal;
        await events.PublishAsync(new MessageDeleted(room.Id, deleted));
        return MessageView.Of(deleted, request.By);

        Error? TakeBack(Message message)
        {
            if (message.WhyNotChange(request.By) is { } because)
                return because;
            message.Delete(time.GetUtcNow());
            return null;
        }
    }
}
