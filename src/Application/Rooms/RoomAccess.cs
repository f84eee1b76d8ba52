namespace AIChat.Application.Rooms;

/// <summary>Who may do what in a room. Every request about a room asks here first; today every room is open to all who joined, and its owner may do more.</summary>
public sealed class RoomAccess(IRoomRepository rooms)
{
    public Task<Result<Room>> ToReadAsync(RoomId room, UserId by, CancellationToken cancellation) => FindAsync(room, cancellation);

    public Task<Result<Room>> ToPostAsync(RoomId room, UserId by, CancellationToken cancellation) => FindAsync(room, cancellation);

    public async Task<Result<Room>> ToOwnAsync(RoomId room, UserId by, CancellationToken cancellation)
    {
        var found = await FindAsync(room, cancellation);
        return found.Value?.IsOwnedBy(by) == false ? RoomErrors.OwnerOnly : found;
    }

    private async Task<Result<Room>> FindAsync(RoomId room, CancellationToken cancellation)
        => await rooms.FindAsync(room, cancellation) is { } found ? found : RoomErrors.NotFound;
}
