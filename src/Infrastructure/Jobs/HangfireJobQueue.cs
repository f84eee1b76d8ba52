using System.Collections.Concurrent;
using AIChat.Application.Jobs;
using AIChat.Domain.Jobs;
using AIChat.Infrastructure.Common;
using Hangfire;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure.Jobs;

/// <summary>
/// Queues stored jobs in Hangfire, and remembers which jobs this server has queued or is running, so that <see cref="JobPickup"/> queues only the others.
/// </summary>
internal sealed class HangfireJobQueue(IBackgroundJobClient hangfire, NodeIdentity node, TimeProvider time, ILogger<HangfireJobQueue> log) : IJobQueue
{
    /// <summary>After this time Hangfire has lost the job, or another server has dropped it because another job worked in the room.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<JobId, DateTimeOffset> _queued = new();
    private readonly ConcurrentDictionary<JobId, byte> _running = new();

    public void Enqueue(Job job)
    {
        _queued[job.Id] = time.GetUtcNow();
        var queue = job.Kind == JobKind.Import ? node.Queue : NodeIdentity.AnyQueue;
        try
        {
            hangfire.Enqueue<JobRunner>(queue, runner => runner.RunAsync(job.Id.Value, CancellationToken.None));
        }
        catch (BackgroundJobClientException outage)
        {
            // The job is stored, and that is what its caller waits for; it is queued again when Hangfire's storage is back.
            _queued.TryRemove(job.Id, out _);
            log.LogWarning(outage, "Job {Job} is stored but could not be queued yet", job.Id);
        }
    }

    public void EnqueueIfForgotten(Job job)
    {
        if (!_running.ContainsKey(job.Id) && (!_queued.TryGetValue(job.Id, out var at) || time.GetUtcNow() - at > Forgotten))
            Enqueue(job);
    }

    public void Started(JobId job)
    {
        _running[job] = 0;
        _queued.TryRemove(job, out _);
    }

    public void Stopped(JobId job)
    {
        _running.TryRemove(job, out _);
        _queued.TryRemove(job, out _);
    }
}
