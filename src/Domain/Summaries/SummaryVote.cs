using AIChat.Domain.Rooms;
using AIChat.Domain.Users;

namespace AIChat.Domain.Summaries;

/// <summary>A person's vote on a summary or on one of its points. It stays when the summary is removed, because it counts for the engine.</summary>
public sealed class SummaryVote
{
    public const int MaxReason = 500;

    private SummaryVote(string id, RoomId roomId, SummaryId summaryId, UserId userId, string? point, string engine, bool isUp, string? reason, DateTimeOffset createdAt)
    {
        Id = id;
        RoomId = roomId;
        SummaryId = summaryId;
        UserId = userId;
        Point = point;
        Engine = engine;
        IsUp = isUp;
        Reason = reason;
        CreatedAt = createdAt;
    }

    /// <summary>The same for every vote of a person on the same point.</summary>
    public string Id { get; private set; }

    public RoomId RoomId { get; private set; }

    public SummaryId SummaryId { get; private set; }

    public UserId UserId { get; private set; }

    /// <summary>Level, number of the topic, and which of its points, such as <c>high/0/2</c>, or its outcome, <c>high/0/outcome</c>; null: the whole.</summary>
    public string? Point { get; private set; }

    /// <summary>The engine that wrote the summary.</summary>
    public string Engine { get; private set; }

    public bool IsUp { get; private set; }

    public string? Reason { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public static SummaryVote Of(Summary summary, UserId by, string? point, string engine, bool isUp, string? reason, DateTimeOffset now)
        => new($"{summary.Id} {by} {point}", summary.RoomId, summary.Id, by, point, engine, isUp, string.IsNullOrWhiteSpace(reason) ? null : reason.Trim(), now);
}

/// <summary>The votes on an engine's summaries.</summary>
public sealed record EngineVotes(string Engine, long Up, long Down);
