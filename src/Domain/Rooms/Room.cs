using AIChat.Domain.Users;

namespace AIChat.Domain.Rooms;

/// <summary>A chat room. The store moves the counters in the same step as the messages that they count.</summary>
public sealed class Room
{
    public const int MaxNameLength = 100;

    private Room(RoomId id, string name, UserId createdBy, DateTimeOffset createdAt)
    {
        Id = id;
        Name = name;
        CreatedBy = createdBy;
        CreatedAt = createdAt;
        LastActiveAt = createdAt;
    }

    public RoomId Id { get; private set; }

    public string Name { get; private set; }

    public UserId CreatedBy { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When the last message was stored (an imported one may be older), or the room was opened.</summary>
    public DateTimeOffset LastActiveAt { get; private set; }

    /// <summary>The highest number given to a message; 0 before the first.</summary>
    public long LastSeq { get; private set; }

    /// <summary>The highest number given to an edit or a deletion; 0 before the first.</summary>
    public long Rev { get; private set; }

    /// <summary>Messages that are not deleted.</summary>
    public long MessageCount { get; private set; }

    /// <summary>The summary schedule; null: none.</summary>
    public SummarySchedule? Digest { get; private set; }

    /// <summary>Scheduled summaries of periods up to this time are done; null: there is no schedule.</summary>
    public DateTimeOffset? DigestedUpTo { get; private set; }

    public TopicsBy TopicsBy { get; private set; }

    /// <summary>The first message that a language model files; 0: none was ever asked.</summary>
    public long ModelFromSeq { get; private set; }

    /// <summary>A language model was asked for the messages from <see cref="ModelFromSeq"/> up to this one. They are settled: no later look moves them.</summary>
    public long ModelUpToSeq { get; private set; }

    public static Result<Room> Open(RoomId id, string name, UserId by, DateTimeOffset now)
    {
        var trimmed = name.Trim();
        if (trimmed.Length == 0)
            return RoomErrors.NameEmpty;
        if (Text.LengthOf(trimmed) > MaxNameLength)
            return RoomErrors.NameTooLong;
        return Text.IsOneLine(trimmed) ? new Room(id, trimmed, by, now) : RoomErrors.NameBad;
    }

    public bool IsOwnedBy(UserId user) => CreatedBy == user;

    /// <summary>No summaries are written of periods that are over already.</summary>
    public void ScheduleSummaries(SummarySchedule digest, DateTimeOffset now)
    {
        DigestedUpTo = digest.LastBefore(now)?.Until;
        Digest = DigestedUpTo is null ? null : digest;
    }

    /// <summary>A language model that is switched on files what is said from now on. Switched off, what it filed stays.</summary>
    public void FileTopicsBy(TopicsBy by)
    {
        if (by == TopicsBy.Model && TopicsBy != by)
            (ModelFromSeq, ModelUpToSeq) = (ModelFromSeq > 0 ? ModelFromSeq : LastSeq + 1, LastSeq);
        TopicsBy = by;
    }

    /// <summary>A language model is asked for the room's messages from the first one on, where one files them; otherwise nothing is settled any more.</summary>
    public void FileHistoryAnew() => (ModelFromSeq, ModelUpToSeq) = (TopicsBy == TopicsBy.Model ? 1 : 0, 0);

    /// <summary>Takes note of a stored edit or deletion. For the store alone, within the step that stores it.</summary>
    public long CountChange(bool deletion)
    {
        if (deletion)
            MessageCount--;
        return ++Rev;
    }
}
