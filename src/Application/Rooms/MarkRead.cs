using AIChat.Application.Common;
using FluentValidation;

namespace AIChat.Application.Rooms;

/// <summary>Moves the caller's read mark to a message. A mark never moves back, nor past the newest message.</summary>
public sealed record MarkRead(RoomId Room, UserId By, long Seq) : IRequest<Result<ReadMarkView>>;

/// <summary>A read mark was moved.</summary>
public sealed record ReadMoved(ReadMarkView Mark) : INotification;

/// <summary>A user's read mark in a room.</summary>
public sealed record ReadMarkView(string ChannelId, string UserId, long Seq);

internal sealed class MarkReadValidator : AbstractValidator<MarkRead>
{
    public MarkReadValidator()
        => RuleFor(request => request.Seq).GreaterThanOrEqualTo(0).WithErrorCode("seq_out_of_range").WithMessage("seq is a message's number, 0 or more.");
}

internal sealed class MarkReadHandler(RoomAccess access, IRoomRepository rooms, EventPublisher events) : IRequestHandler<MarkRead, Result<ReadMarkView>>
{
    public async Task<Result<ReadMarkView>> Handle(MarkRead request, CancellationToken cancellationToken)
    {
        if (!(await access.ToReadAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        var mark = await rooms.MoveReadMarkAsync(request.By, room.Id, Math.Min(request.Seq, room.LastSeq), cancellationToken);
        var view = new ReadMarkView(room.Id.Value, request.By.Value, mark.Seq);
        if (mark.Moved)
            await events.PublishAsync(new ReadMoved(view));
        return view;
    }
}
