using AIChat.Application.Rooms;
using AIChat.Domain.Jobs;

namespace AIChat.Application.Jobs;

/// <summary>Reads a job's progress. Every user who may read the job's room may see it.</summary>
public sealed record GetJob(JobId Id, UserId By) : IRequest<Result<JobView>>;

internal sealed class GetJobHandler(IJobRepository jobs, RoomAccess access) : IRequestHandler<GetJob, Result<JobView>>
{
    public async Task<Result<JobView>> Handle(GetJob request, CancellationToken cancellationToken)
    {
        if (await jobs.FindAsync(request.Id, cancellationToken) is not { } job)
            return JobErrors.NotFound;
        return (await access.ToReadAsync(job.RoomId, request.By, cancellationToken)).Error is null ? JobView.Of(job) : JobErrors.NotFound;
    }
}
