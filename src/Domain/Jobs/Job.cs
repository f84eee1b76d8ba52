using AIChat.Domain.Rooms;
using AIChat.Domain.Users;

namespace AIChat.Domain.Jobs;

public enum JobState
{
    Queued,
    Running,
    Succeeded,
    Failed,
}

public enum JobKind
{
    Import,
    Reclassify,
    Embed,
}

/// <summary>Long work. It is stored, so that it continues after a crash and its progress can be shown.</summary>
public sealed class Job
{
    /// <summary>The most rejected lines that are listed; all are counted.</summary>
    public const int MaxRejectedListed = 100;

    private Job(JobId id, JobKind kind, RoomId roomId, UserId? createdBy, string input, DateTimeOffset createdAt)
    {
        Id = id;
        Kind = kind;
        RoomId = roomId;
        CreatedBy = createdBy;
        Input = input;
        CreatedAt = createdAt;
    }

    public JobId Id { get; private set; }

    public JobKind Kind { get; private set; }

    public RoomId RoomId { get; private set; }

    /// <summary>The person who started it; null: the schedule.</summary>
    public UserId? CreatedBy { get; private set; }

    /// <summary>The input as JSON, in the form of its kind.</summary>
    public string Input { get; private set; }

    /// <summary>The position to continue from after a crash, as JSON; null: the beginning.</summary>
    public string? Cursor { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    public JobState State { get; private set; }

    public long Done { get; private set; }

    public long Total { get; private set; }

    public IReadOnlyList<RejectedLine> Rejected { get; private set; } = [];

    public long RejectedCount { get; private set; }

    /// <summary>Why it failed, for people: never an inner message.</summary>
    public string? Error { get; private set; }

    public bool HasEnded => State is JobState.Succeeded or JobState.Failed;

    public static Job Queue(JobId id, JobKind kind, RoomId room, UserId? by, string input, long total, DateTimeOffset now)
        => new(id, kind, room, by, input, now) { Total = total };

    public void Start()
    {
        if (!HasEnded)
            State = JobState.Running;
    }

    public void Advance(long done, long total, string? cursor)
    {
        Done = done;
        Total = total;
        Cursor = cursor;
    }

    public void Reject(IEnumerable<RejectedLine> lines)
    {
        var all = lines.ToList();
        RejectedCount += all.Count;
        if (all.Count > 0 && Rejected.Count < MaxRejectedListed)
            Rejected = [.. Rejected, .. all.Take(MaxRejectedListed - Rejected.Count)];
    }

    public void Succeed(DateTimeOffset now)
    {
        State = JobState.Succeeded;
        Done = Total;
        EndedAt = now;
    }

    public void Fail(string error, DateTimeOffset now)
    {
        State = JobState.Failed;
        Error = error;
        EndedAt = now;
    }
}

/// <summary>A line of a transcript that could not be taken, and why.</summary>
/// <param name="Line">The line's number, from 1.</param>
/// <param name="Code">A stable code of the reason.</param>
public sealed record RejectedLine(long Line, string Code);

public static class JobErrors
{
    public static readonly Error NotFound = Common.Error.NotFound("job_not_found", "There is no such job.");
}
