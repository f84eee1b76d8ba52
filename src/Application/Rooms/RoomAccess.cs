namespace AIChat.Application.Rooms;

/// <summary>
/// Decides who may do what in a room; every handler of a request about a room asks it first. All rooms are open to all users now, so reading and posting do not
/// depend on <c>by</c>; the parameter keeps private rooms a change of this class alone.
/// </summary>
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
