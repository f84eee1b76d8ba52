using AIChat.Domain.Rooms;
using AIChat.Domain.Users;

namespace AIChat.Domain.Summaries;

/// <summary>A stored summary: its body is what the client got, word for word, so that serving it again needs no model and no re-reading.</summary>
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

    /// <summary>What was asked for (how many, which level, which language), so that the same question finds it.</summary>
    public string Request { get; private set; }

    /// <summary>A hash of everything that it covers: ids, edit times, topics and their names. Another one means that something changed.</summary>
    public string Fingerprint { get; private set; }

    public long FirstSeq { get; private set; }

    public long LastSeq { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>For whom alone it was made; null: for everyone in the room.</summary>
    public UserId? Reader { get; private set; }

    public string Body { get; private set; }

    public static Summary Of(
        SummaryId id, RoomId room, string request, string fingerprint, long firstSeq, long lastSeq, string body, UserId? reader, DateTimeOffset now)
        => new(id, room, request, fingerprint, firstSeq, lastSeq, body, now) { Reader = reader };
}
