using AIChat.Domain.Rooms;

namespace AIChat.Domain.Summaries;

/// <summary>The text that an engine wrote about one group of messages. Every summary of the same group reuses it, so that the engine reads only changed groups again.</summary>
public sealed class SummaryPart
{
    private SummaryPart(string id, RoomId roomId, long firstSeq, long lastSeq, string body, DateTimeOffset createdAt)
    {
        Id = id;
        RoomId = roomId;
        FirstSeq = firstSeq;
        LastSeq = lastSeq;
        Body = body;
        CreatedAt = createdAt;
    }

    /// <summary>A hash of the room, the messages and their edit times, the language and the engine.</summary>
    public string Id { get; private set; }

    public RoomId RoomId { get; private set; }

    public long FirstSeq { get; private set; }

    public long LastSeq { get; private set; }

    public string Body { get; private set; }

    /// <summary>When the messages were read.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    public static SummaryPart Of(string id, RoomId room, long firstSeq, long lastSeq, string body, DateTimeOffset readAt) => new(id, room, firstSeq, lastSeq, body, readAt);
}
