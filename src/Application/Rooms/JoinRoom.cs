namespace AIChat.Application.Rooms;

/// <summary>A connection joins a room and gets the room's position, from which it synchronizes.</summary>
public sealed record JoinRoom(RoomId Room, UserId By) : IRequest<Result<RoomPosition>>;

/// <param name="LastSeq">Number of the newest message.</param>
/// <param name="Rev">Number of the newest edit or deletion.</param>
public sealed record RoomPosition(long LastSeq, long Rev);

internal sealed class JoinRoomHandler(RoomAccess access) : IRequestHandler<JoinRoom, Result<RoomPosition>>
{
    public async Task<Result<RoomPosition>> Handle(JoinRoom request, CancellationToken cancellationToken)
        => (await access.ToReadAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal) ? new RoomPosition(room.LastSeq, room.Rev) : refusal;
}
