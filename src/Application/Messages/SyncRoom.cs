using AIChat.Application.Rooms;
using FluentValidation;

namespace AIChat.Application.Messages;

/// <summary>Reads what a client has missed since a message and a change.</summary>
public sealed record SyncRoom(RoomId Room, UserId By, long AfterSeq, long AfterRev) : IRequest<Result<RoomChanges>>;

/// <param name="Messages">New messages, oldest first.</param>
/// <param name="Changed">Older messages that were edited or deleted, as they are now.</param>
/// <param name="LastSeq">The next request's <see cref="SyncRoom.AfterSeq"/>.</param>
/// <param name="Rev">The next request's <see cref="SyncRoom.AfterRev"/>.</param>
/// <param name="More">Whether there is more to read.</param>
public sealed record RoomChanges(IReadOnlyList<MessageView> Messages, IReadOnlyList<MessageView> Changed, long LastSeq, long Rev, bool More);

internal sealed class SyncRoomValidator : AbstractValidator<SyncRoom>
{
    public SyncRoomValidator()
    {
        RuleFor(request => request.AfterSeq).GreaterThanOrEqualTo(0).WithErrorCode("seq_out_of_range").WithMessage("afterSeq is a message's number, 0 or more.");
        RuleFor(request => request.AfterRev).GreaterThanOrEqualTo(0).WithErrorCode("rev_out_of_range").WithMessage("afterRev is a change's number, 0 or more.");
    }
}

internal sealed class SyncRoomHandler(RoomAccess access, IMessageRepository messages) : IRequestHandler<SyncRoom, Result<RoomChanges>>
{
    private const int Batch = 200;

    public async Task<Result<RoomChanges>> Handle(SyncRoom request, CancellationToken cancellationToken)
    {
        if (!(await access.ToReadAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;

        // Changes first: a new message that is edited meanwhile then arrives with its newest words, at worst twice.
        var changes = await messages.ChangedAfterAsync(room.Id, request.AfterRev, Batch, cancellationToken);
        var added = await messages.ListAsync(MessagesOfRoom.After(room.Id, request.AfterSeq, Batch), cancellationToken);
        var lastSeq = added.Count > 0 ? added[^1].Seq : request.AfterSeq;
        var more = lastSeq < room.LastSeq || changes.Rev < room.Rev;
        var older = changes.Messages.Where(message => message.Seq <= request.AfterSeq);
        return new RoomChanges([.. added.Select(View)], [.. older.Select(View)], lastSeq, changes.Rev, more);

        MessageView View(Message message) => MessageView.Of(message, request.By);
    }
}
