using AIChat.Application.Jobs;
using AIChat.Domain.Jobs;
using AIChat.Infrastructure.Common;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure.Jobs;

/// <summary>
/// Queues stored jobs that no server runs: interrupted by a stop, a crash or an outage, postponed because another job worked in the room, or lost by Hangfire. The store is the queue; Hangfire
/// only wakes.
/// </summary>
internal sealed class JobPickup(IJobRepository jobs, IJobQueue queue, JobTracker tracker, FileSpool spool, StorageOptions storage, TimeProvider time, ILogger<JobPickup> log)
    : RepeatedWork(TimeSpan.FromSeconds(2), time, log)
{
    protected override async Task<bool> WorkAsync(CancellationToken cancellation)
    {
        foreach (var job in (await jobs.UnfinishedAsync(cancellation)).Where(job => IsForThisServer(job) && tracker.IsForgotten(job.Id)))
            queue.Enqueue(job);
        return false;
    }

    /// <summary>An upload is on the disk of the server that took it.</summary>
    private bool IsForThisServer(Job job) => job.Kind != JobKind.Import || !storage.IsShared || spool.Holds(job.Id.Value);
}
