using AIChat.Application.Rooms;

namespace AIChat.Application.Reads;

/// <summary>Reads a room with its last message and the caller's unread count.</summary>
public sealed record GetRoom(RoomId Room, UserId By) : IRequest<Result<RoomView>>;

internal sealed class GetRoomHandler(RoomAccess access, IRoomRepository rooms, IMessageRepository messages) : IRequestHandler<GetRoom, Result<RoomView>>
{
    public async Task<Result<RoomView>> Handle(GetRoom request, CancellationToken cancellationToken)
    {
        if (!(await access.ToReadAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        return (await RoomViews.OfAsync([room], request.By, rooms, messages, cancellationToken))[0];
    }
}
