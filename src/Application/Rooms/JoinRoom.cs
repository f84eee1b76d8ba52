namespace AIChat.Application.Rooms;

/// <summary>Somebody starts listening to a room, and asks where it stands.</summary>
public sealed record JoinRoom(RoomId Room, UserId By) : IRequest<Result<RoomPosition>>;

/// <param name="LastSeq">The newest message.</param>
/// <param name="Rev">The newest edit or deletion.</param>
public sealed record RoomPosition(long LastSeq, long Rev);

internal sealed class JoinRoomHandler(RoomAccess access) : IRequestHandler<JoinRoom, Result<RoomPosition>>
{
    public async Task<Result<RoomPosition>> Handle(JoinRoom request, CancellationToken cancellationToken)
        => (await access.ToReadAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal) ? new RoomPosition(room.LastSeq, room.Rev) : refusal;
}
