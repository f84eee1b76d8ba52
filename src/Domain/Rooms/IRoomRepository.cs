using AIChat.Domain.Users;

namespace AIChat.Domain.Rooms;

public interface IRoomRepository
{
    Task<Room?> FindAsync(RoomId id, CancellationToken cancellation);

    Task<IReadOnlyList<Room>> ListAsync(ISpecification<Room> specification, CancellationToken cancellation);

    Task AddAsync(Room room, CancellationToken cancellation);

    /// <summary>Stores when the room's digest is made, and up to where that is done.</summary>
    Task SaveSummaryScheduleAsync(Room room, CancellationToken cancellation);

    /// <summary>Notes that the digest of a period is made; nothing where a later one is, or none is wanted any more.</summary>
    Task MarkDigestedAsync(RoomId room, DateTimeOffset upTo, CancellationToken cancellation);

    /// <summary>The caller's read mark in each of the rooms; 0 where there is none.</summary>
    Task<IReadOnlyDictionary<RoomId, long>> ReadMarksAsync(UserId user, IReadOnlyCollection<RoomId> rooms, CancellationToken cancellation);

    /// <summary>Moves the read mark forward, never back.</summary>
    /// <returns>The mark as it stands now, and whether this call moved it.</returns>
    Task<ReadMark> MoveReadMarkAsync(UserId user, RoomId room, long seq, CancellationToken cancellation);
}

/// <summary>How far someone has read.</summary>
public readonly record struct ReadMark(long Seq, bool Moved);
