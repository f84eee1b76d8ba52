using AIChat.Application.Common;
using AIChat.Application.Rooms;
using FluentValidation;

namespace AIChat.Application.Messages;

/// <summary>An author changes the words of their message.</summary>
public sealed record EditMessage(RoomId Room, MessageId Message, UserId By, string? Content) : IRequest<Result<MessageView>>;

/// <summary>A message was edited.</summary>
public sealed record MessageEdited(RoomId Room, MessageView Message) : INotification;

internal sealed class EditMessageValidator : AbstractValidator<EditMessage>
{
    public EditMessageValidator()
        => RuleFor(request => request.Content).NotNull().WithErrorCode(MessageErrors.ContentEmpty.Code).WithMessage(MessageErrors.ContentEmpty.Message);
}

internal sealed class EditMessageHandler(RoomAccess access, IMessageRepository messages, TimeProvider time, EventPublisher events)
    : IRequestHandler<EditMessage, Result<MessageView>>
{
    public async Task<Result<MessageView>> Handle(EditMessage request, CancellationToken cancellationToken)
    {
        if (!(await access.ToPostAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        var mentions = await MentionFinder.FindAsync(messages, room.Id, request.Content!, cancellationToken);
        var changed = await messages.ChangeAsync(
            room.Id,
            request.Message,
            message => message.WhyNotChange(request.By) ?? message.Edit(request.Content!, mentions, time.GetUtcNow()),
            cancellationToken);
        if (!changed.Succeeded(out var edited, out refusal))
            return refusal;
        await events.PublishAsync(new MessageEdited(room.Id, MessageView.Of(edited, reader: null)));
        return MessageView.Of(edited, request.By);
    }
}
