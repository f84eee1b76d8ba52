using System.Collections.Concurrent;
using AIChat.Application.Jobs;
using AIChat.Domain.Jobs;
using AIChat.Infrastructure.Common;
using Hangfire;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure.Jobs;

/// <summary>
/// Tells Hangfire of stored jobs, and remembers which of them this server has told of or is running, so that <see cref="JobPickup"/> tells of the others only.
/// </summary>
internal sealed class HangfireJobQueue(IBackgroundJobClient hangfire, NodeIdentity node, TimeProvider time, ILogger<HangfireJobQueue> log) : IJobQueue
{
    /// <summary>By then Hangfire has lost it, or another server has dropped it because somebody else was at work in the room.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<JobId, DateTimeOffset> told = new();
    private readonly ConcurrentDictionary<JobId, byte> running = new();

    public void Enqueue(Job job)
    {
        told[job.Id] = time.GetUtcNow();
        var queue = job.Kind == JobKind.Import ? node.Queue : NodeIdentity.AnyQueue;
        try
        {
            hangfire.Enqueue<JobRunner>(queue, runner => runner.RunAsync(job.Id.Value, CancellationToken.None));
        }
        catch (BackgroundJobClientException outage)
        {
            // The job is stored, and that is what its caller waits for; it is told of again when the store of the wakes is back.
            told.TryRemove(job.Id, out _);
            log.LogWarning(outage, "Job {Job} is stored but nobody could be told of it", job.Id);
        }
    }

    public void EnqueueIfForgotten(Job job)
    {
        if (!running.ContainsKey(job.Id) && (!told.TryGetValue(job.Id, out var at) || time.GetUtcNow() - at > Forgotten))
            Enqueue(job);
    }

    public void Started(JobId job)
    {
        running[job] = 0;
        told.TryRemove(job, out _);
    }

    public void Stopped(JobId job)
    {
        running.TryRemove(job, out _);
        told.TryRemove(job, out _);
    }
}
