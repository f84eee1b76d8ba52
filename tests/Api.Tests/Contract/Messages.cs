namespace AIChat.Api.Tests.Contract;

public sealed record Message(
    string Id,
    string ChannelId,
    long Seq,
    string? UserId,
    string Nickname,
    string? Content,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EditedAt,
    DateTimeOffset? DeletedAt,
    string? ReplyTo,
    bool Classified,
    string? TopicId,
    IReadOnlyList<Mention> Mentions,
    bool Imported,
    string? ClientMessageId);

public sealed record Mention(string UserId, string Nickname);

public sealed record Missed(IReadOnlyList<Message> Messages, IReadOnlyList<Message> Changed, long LastSeq, long Rev, bool More);

public sealed record Deleted(string ChannelId, string Id);

public sealed record Filed(string ChannelId, string MessageId, string? TopicId, string? PreviousTopicId);

public sealed record Drifted(string ChannelId, string TopicId, string FromMessageId);

/// <summary>A line of a JSONL transcript.</summary>
public sealed record TranscriptLine(string Id, string Nickname, string Content, DateTimeOffset CreatedAt, string? ReplyTo = null);
