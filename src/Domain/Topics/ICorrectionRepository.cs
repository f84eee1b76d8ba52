using AIChat.Domain.Rooms;

namespace AIChat.Domain.Topics;

/// <summary>Reads corrections; <see cref="ITopicRepository.CorrectAsync"/> stores them together with their effects.</summary>
public interface ICorrectionRepository
{
    Task<IReadOnlyList<Correction>> ListAsync(ISpecification<Correction> specification, CancellationToken cancellation);

    Task<Correction?> FindAsync(RoomId room, CorrectionId id, CancellationToken cancellation);
}

/// <summary>A room's corrections.</summary>
public sealed class CorrectionsOfRoom : Specification<Correction>
{
    private CorrectionsOfRoom(RoomId room) => Query.Where(correction => correction.RoomId == room);

    /// <summary>Corrections that were not undone, after a number, in order.</summary>
    public static CorrectionsOfRoom InForce(RoomId room, long after = 0)
    {
        var some = new CorrectionsOfRoom(room);
        some.Query.Where(correction => correction.UndoneAt == null && correction.Number > after);
        some.Query.OrderBy(correction => correction.Number);
        return some;
    }

    /// <summary>The newest ones before a number (null: before the end), newest first.</summary>
    public static CorrectionsOfRoom Before(RoomId room, long? number, int limit)
    {
        var page = new CorrectionsOfRoom(room);
        if (number is { } bound)
            page.Query.Where(correction => correction.Number < bound);
        page.Query.OrderByDescending(correction => correction.Number);
        page.Query.Take(limit);
        return page;
    }
}
