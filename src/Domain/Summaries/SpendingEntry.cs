using AIChat.Domain.Rooms;
using AIChat.Domain.Users;

namespace AIChat.Domain.Summaries;

/// <summary>The cost of one call of a language model: first the reserved amount, then the actual cost. An entry that was never settled, because its server died, counts as spent.</summary>
public sealed class SpendingEntry
{
    private SpendingEntry(string id, UserId userId, RoomId roomId, string month, long micros, DateTimeOffset createdAt)
    {
        Id = id;
        UserId = userId;
        RoomId = roomId;
        Month = month;
        Micros = micros;
        CreatedAt = createdAt;
    }

    public string Id { get; private set; }

    public UserId UserId { get; private set; }

    public RoomId RoomId { get; private set; }

    /// <summary>The month in UTC that it counts for, such as <c>2026-01</c>.</summary>
    public string Month { get; private set; }

    /// <summary>Millionths of a US dollar.</summary>
    public long Micros { get; private set; }

    public bool IsSettled { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public static SpendingEntry Of(string id, SpendingAccount account, string month, Money most, DateTimeOffset now) => new(id, account.User, account.Room, month, most.Micros, now);
}
