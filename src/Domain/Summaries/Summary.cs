using AIChat.Domain.Rooms;
using AIChat.Domain.Users;

namespace AIChat.Domain.Summaries;

/// <summary>A stored summary. Its body is the response that the client got, so that serving it again needs no model and reads no messages.</summary>
public sealed class Summary
{
    private Summary(SummaryId id, RoomId roomId, string request, string fingerprint, long firstSeq, long lastSeq, string body, DateTimeOffset createdAt)
    {
        Id = id;
        RoomId = roomId;
        Request = request;
        Fingerprint = fingerprint;
        FirstSeq = firstSeq;
        LastSeq = lastSeq;
        Body = body;
        CreatedAt = createdAt;
    }

    public SummaryId Id { get; private set; }

    public RoomId RoomId { get; private set; }

    /// <summary>The request (number of messages, level, language) as text, so that the same request finds the summary.</summary>
    public string Request { get; private set; }

    /// <summary>A hash of everything that the summary covers: ids, edit times, topics and their names. It differs when any of these changes.</summary>
    public string Fingerprint { get; private set; }

    public long FirstSeq { get; private set; }

    public long LastSeq { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>The only person who may see it; null: everyone in the room may.</summary>
    public UserId? Reader { get; private set; }

    public string Body { get; private set; }

    public static Summary Of(
        SummaryId id, RoomId room, string request, string fingerprint, long firstSeq, long lastSeq, string body, UserId? reader, DateTimeOffset now)
        => new(id, room, request, fingerprint, firstSeq, lastSeq, body, now) { Reader = reader };
}
