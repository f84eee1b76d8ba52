using AIChat.Domain.Jobs;

namespace AIChat.Application.Jobs;

/// <summary>A job's progress. <paramref name="Rejected"/> lists the first 100 of <paramref name="RejectedCount"/> rejected lines.</summary>
public sealed record JobView(
    string JobId, JobKind Kind, string ChannelId, JobState State, long Done, long Total, IReadOnlyList<RejectedLine> Rejected, long RejectedCount, string? Error)
{
    public static JobView Of(Job job)
        => new(job.Id.Value, job.Kind, job.RoomId.Value, job.State, job.Done, job.Total, job.Rejected, job.RejectedCount, job.Error);
}

/// <summary>The id of a queued job.</summary>
public sealed record JobStarted(string JobId);
