using AIChat.Application.Common;
using FluentValidation;

namespace AIChat.Application.Rooms;

/// <summary>Somebody has read up to a message. The mark moves forward only, and not past the newest message.</summary>
public sealed record MarkRead(RoomId Room, UserId By, long Seq) : IRequest<Result<ReadMarkView>>;

/// <summary>Somebody's read mark has moved.</summary>
public sealed record ReadMoved(ReadMarkView Mark) : INotification;

/// <summary>How far somebody has read.</summary>
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
