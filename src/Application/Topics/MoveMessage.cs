using AIChat.Application.Messages;
using AIChat.Application.Rooms;
using AIChat.Domain.Topics;
using FluentValidation;

namespace AIChat.Application.Topics;

/// <summary>A correction: moves a message to another conversation. If it is there already, nothing changes.</summary>
public sealed record MoveMessage(RoomId Room, MessageId Message, string? Topic, UserId By) : IRequest<Result<MessageView>>;

internal sealed class MoveMessageValidator : AbstractValidator<MoveMessage>
{
    public MoveMessageValidator()
        => RuleFor(request => request.Topic).NotEmpty().WithErrorCode("topic_id_missing").WithMessage("Give the topicId of the conversation that the message belongs to.");
}

internal sealed class MoveMessageHandler(RoomAccess access, IMessageRepository messages, Corrections corrections) : IRequestHandler<MoveMessage, Result<MessageView>>
{
    public async Task<Result<MessageView>> Handle(MoveMessage request, CancellationToken cancellationToken)
    {
        if (!(await access.ToPostAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        var into = new TopicId(request.Topic!);
        if (await messages.FindAsync(room.Id, request.Message, cancellationToken) is { } known && known.TopicId == into)
            return MessageView.Of(known, request.By);
        var made = await corrections.MakeAsync(room.Id, request.By, entry => DecideAsync(entry, request.Message, into, cancellationToken), cancellationToken);
        if (!made.Succeeded(out _, out refusal))
            return refusal;
        return await messages.FindAsync(room.Id, request.Message, CancellationToken.None) is { } moved ? MessageView.Of(moved, request.By) : MessageErrors.NotFound;
    }

    private async Task<Result<CorrectedRoom>> DecideAsync(CorrectionEntry entry, MessageId id, TopicId into, CancellationToken cancellation)
    {
        if (await messages.FindAsync(entry.Room, id, cancellation) is not { } message)
            return MessageErrors.NotFound;
        if (message.IsDeleted)
            return MessageErrors.Deleted;
        TopicId[] conversations = message.TopicId is { } from && from != into ? [into, from] : [into];
        if (!(await corrections.ConversationsAsync(entry.Room, conversations, cancellation)).Succeeded(out var concerned, out var missing))
            return missing;
        var all = await corrections.MessagesOfAsync(entry.Room, conversations, cancellation);
        if (message.TopicId is null)
            all = [.. all.Append(message).OrderBy(each => each.Seq)];
        return Correction.Move(entry, id, into, concerned, all).Succeeded(out var correction, out var tooLarge) ? CorrectedRoom.Of(correction, all) : tooLarge;
    }
}
