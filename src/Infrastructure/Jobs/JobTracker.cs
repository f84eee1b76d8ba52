using System.Collections.Concurrent;
using AIChat.Domain.Jobs;

namespace AIChat.Infrastructure.Jobs;

/// <summary>Which jobs this server has queued in Hangfire or is running.</summary>
internal sealed class JobTracker(TimeProvider time)
{
    /// <summary>After this time Hangfire has lost the job, or another server has dropped it because another job worked in the room.</summary>
    private static readonly TimeSpan QueueTimeout = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<JobId, DateTimeOffset> _queued = new();
    private readonly ConcurrentDictionary<JobId, byte> _running = new();

    /// <summary>Whether this server neither runs the job nor has queued it lately.</summary>
    public bool IsForgotten(JobId job) => !_running.ContainsKey(job) && (!_queued.TryGetValue(job, out var at) || time.GetUtcNow() - at > QueueTimeout);

    public void Queued(JobId job) => _queued[job] = time.GetUtcNow();

    public void NotQueued(JobId job) => _queued.TryRemove(job, out _);

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
