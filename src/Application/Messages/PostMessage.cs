using AIChat.Application.Common;
using AIChat.Application.Rooms;
using FluentValidation;

namespace AIChat.Application.Messages;

/// <summary>Sends a message. With the <paramref name="ClientMessageId"/> of an earlier call this is a retry and returns the message that the earlier call stored.</summary>
public sealed record PostMessage(RoomId Room, UserId By, string? Content, string? ClientMessageId, MessageId? ReplyTo) : IRequest<Result<Posted>>;

/// <param name="Message">The stored message.</param>
/// <param name="Repeated">Whether an earlier call stored it.</param>
public sealed record Posted(MessageView Message, bool Repeated);

/// <summary>A message was stored.</summary>
public sealed record MessagePosted(RoomId Room, MessageView Message) : INotification;

internal sealed class PostMessageValidator : AbstractValidator<PostMessage>
{
    public PostMessageValidator()
        => RuleFor(request => request.Content).NotNull().WithErrorCode(MessageErrors.ContentEmpty.Code).WithMessage(MessageErrors.ContentEmpty.Message);
}

internal sealed class PostMessageHandler(
    RoomAccess access, IUserRepository users, IMessageRepository messages, IIdGenerator ids, TimeProvider time, EventPublisher events)
    : IRequestHandler<PostMessage, Result<Posted>>
{
    public async Task<Result<Posted>> Handle(PostMessage request, CancellationToken cancellationToken)
    {
        if (!(await access.ToPostAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        if (await users.FindAsync(request.By, cancellationToken) is not { } author)
            return UserErrors.NotFound;
        if (request.ReplyTo is { } answered && await messages.FindAsync(room.Id, answered, cancellationToken) is null)
            return MessageErrors.ReplyNotFound;
        var mentions = await MentionFinder.FindAsync(messages, room.Id, request.Content!, cancellationToken);
        var id = new MessageId(ids.New());
        if (!Message.Post(id, room, author, request.Content!, request.ClientMessageId, request.ReplyTo, mentions, time.GetUtcNow()).Succeeded(out var message, out refusal))
            return refusal;

        if (!(await messages.AppendAsync(room.Id, [message], cancellationToken)).Succeeded(out var appended, out refusal))
            return refusal;
        var stored = appended.Messages[0];
        if (appended.Repeated)
            return IsSame(stored, message) ? new Posted(MessageView.Of(stored, request.By), Repeated: true) : MessageErrors.ClientIdReused;

        await events.PublishAsync(new MessagePosted(room.Id, MessageView.Of(stored, reader: null)));
        return new Posted(MessageView.Of(stored, request.By), Repeated: false);
    }

    // An edited or deleted message can no longer be compared; its client id alone then identifies the retry.
    private static bool IsSame(Message stored, Message retried)
        => stored.EditedAt is not null || stored.IsDeleted || (stored.Content == retried.Content && stored.ReplyTo == retried.ReplyTo);
}
