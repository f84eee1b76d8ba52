namespace AIChat.Domain.Rooms;

/// <summary>Rooms, most recently active first, after a position in that order.</summary>
public sealed class RoomsByActivity : Specification<Room>
{
    /// <param name="named">Part of the name, without regard to case; null or blank: any.</param>
    /// <param name="after">The last room of the page before: its activity and id.</param>
    /// <param name="limit">The most rooms to list.</param>
    public RoomsByActivity(string? named, (DateTimeOffset LastActiveAt, RoomId Id)? after, int limit)
    {
        if (!string.IsNullOrWhiteSpace(named))
        {
            var part = named.Trim().ToLowerInvariant();
#pragma warning disable CA1304, CA1311, CA1862, MA0011 // translated by the store, which knows no cultures
            Query.Where(room => room.Name.ToLower().Contains(part));
#pragma warning restore CA1304, CA1311, CA1862, MA0011
        }

        if (after is var (at, id))
            Query.Where(room => room.LastActiveAt < at || (room.LastActiveAt == at && room.Id < id));
        Query.OrderByDescending(room => room.LastActiveAt).ThenByDescending(room => room.Id);
        Query.Take(limit);
    }
}
