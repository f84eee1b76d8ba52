namespace AIChat.Api.Tests.Contract;

public sealed record Joined(string UserId, string Nickname, DateTimeOffset CreatedAt, string Token);

public sealed record Myself(string UserId, string Nickname, DateTimeOffset CreatedAt, bool ExcludeFromAi);

public sealed record Room(
    string ChannelId,
    string ChannelName,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    long MessageCount,
    long LastSeq,
    long Rev,
    LastMessage? LastMessage,
    long UnreadCount,
    Digest Digest,
    string TopicsBy);

public sealed record LastMessage(string Id, string Nickname, string Content, DateTimeOffset CreatedAt);

/// <param name="Cadence">off, hourly or daily.</param>
public sealed record Digest(string Cadence, int Hour, string TimeZone);

public sealed record EnteredRoom(Room Room, IReadOnlyList<Message> Messages, IReadOnlyList<Topic> Topics, long LastReadSeq, string? NextCursor);

public sealed record Position(long LastSeq, long Rev);

public sealed record ReadMark(string ChannelId, string UserId, long Seq);

public sealed record Started(string JobId);

/// <param name="State">queued, running, succeeded or failed.</param>
public sealed record Job(string JobId, string Kind, string ChannelId, string State, long Done, long Total, IReadOnlyList<RejectedLine> Rejected, long RejectedCount, string? Error);

public sealed record RejectedLine(long Line, string Code);
