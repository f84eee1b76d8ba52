using AIChat.Domain.Users;

namespace AIChat.Domain.Rooms;

public interface IRoomRepository
{
    Task<Room?> FindAsync(RoomId id, CancellationToken cancellation);

    Task<IReadOnlyList<Room>> ListAsync(ISpecification<Room> specification, CancellationToken cancellation);

    Task AddAsync(Room room, CancellationToken cancellation);

    /// <summary>Stores the room's summary schedule and the time up to which its summaries are done.</summary>
    Task SaveSummaryScheduleAsync(Room room, CancellationToken cancellation);

    /// <summary>Notes that the summary of a period is written; changes nothing if a later one is, or if the schedule is off.</summary>
    Task MarkDigestedAsync(RoomId room, DateTimeOffset upTo, CancellationToken cancellation);

    /// <summary>Stores what finds the room's conversations, and which messages a language model files and was asked for.</summary>
    Task SaveTopicsByAsync(Room room, CancellationToken cancellation);

    /// <summary>Notes that a language model was asked for messages up to one; changes nothing unless it had been asked up to <paramref name="from"/>.</summary>
    Task AdvanceModelAsync(RoomId room, long from, long upTo, CancellationToken cancellation);

    /// <summary>The person's read mark in each of the rooms; a room without one is left out.</summary>
    Task<IReadOnlyDictionary<RoomId, long>> ReadMarksAsync(UserId user, IReadOnlyCollection<RoomId> rooms, CancellationToken cancellation);

    /// <summary>Moves the read mark forward, never back.</summary>
    /// <returns>The mark as it stands now, and whether this call moved it.</returns>
    Task<ReadMark> MoveReadMarkAsync(UserId user, RoomId room, long seq, CancellationToken cancellation);
}

/// <summary>A person's read mark in a room, and whether this call moved it.</summary>
public readonly record struct ReadMark(long Seq, bool Moved);
