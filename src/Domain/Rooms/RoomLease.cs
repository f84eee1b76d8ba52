namespace AIChat.Domain.Rooms;

/// <summary>Keys of the leases on a room's work.</summary>
public static class RoomLease
{
    /// <summary>The right to assign and correct the room's topics.</summary>
    public static string TopicsOf(RoomId room) => "topics:" + room.Value;

    /// <summary>The right to write the room's scheduled summaries.</summary>
    public static string SummariesOf(RoomId room) => "digest:" + room.Value;

    /// <summary>The room that a lease with one of these keys is on.</summary>
    public static RoomId RoomOf(Lease lease) => new(lease.Key[(lease.Key.IndexOf(':', StringComparison.Ordinal) + 1)..]);
}
