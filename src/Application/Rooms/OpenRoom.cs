using AIChat.Application.Common;
using FluentValidation;

namespace AIChat.Application.Rooms;

/// <summary>A user creates a room and becomes its owner.</summary>
public sealed record OpenRoom(UserId By, string? Name) : IRequest<Result<RoomView>>;

/// <summary>A room was created.</summary>
public sealed record RoomOpened(RoomView Room) : INotification;

internal sealed class OpenRoomValidator : AbstractValidator<OpenRoom>
{
    public OpenRoomValidator() => RuleFor(request => request.Name).NotNull().WithErrorCode(RoomErrors.NameEmpty.Code).WithMessage(RoomErrors.NameEmpty.Message);
}

internal sealed class OpenRoomHandler(IRoomRepository rooms, IIdGenerator ids, TimeProvider time, EventPublisher events) : IRequestHandler<OpenRoom, Result<RoomView>>
{
    public async Task<Result<RoomView>> Handle(OpenRoom request, CancellationToken cancellationToken)
    {
        if (!Room.Open(new RoomId(ids.New()), request.Name!, request.By, time.GetUtcNow()).Succeeded(out var room, out var refusal))
            return refusal;
        await rooms.AddAsync(room, cancellationToken);
        var view = RoomView.Of(room, null, 0);
        await events.PublishAsync(new RoomOpened(view));
        return view;
    }
}
