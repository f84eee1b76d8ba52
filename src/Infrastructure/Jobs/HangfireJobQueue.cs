using AIChat.Application.Jobs;
using AIChat.Domain.Jobs;
using AIChat.Infrastructure.Common;
using Hangfire;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure.Jobs;

/// <summary>Queues stored jobs in Hangfire.</summary>
internal sealed class HangfireJobQueue(IBackgroundJobClient hangfire, JobTracker tracker, NodeIdentity node, ILogger<HangfireJobQueue> log) : IJobQueue
{
    public void Enqueue(Job job)
    {
        tracker.Queued(job.Id);
        var queue = job.Kind == JobKind.Import ? node.Queue : NodeIdentity.AnyQueue;
        try
        {
            hangfire.Enqueue<JobRunner>(queue, runner => runner.RunAsync(job.Id.Value, CancellationToken.None));
        }
        catch (BackgroundJobClientException outage)
        {
            // The job is stored, and that is what its caller waits for; it is queued again when Hangfire's storage is back.
            tracker.NotQueued(job.Id);
            log.LogWarning(outage, "Job {Job} is stored but could not be queued yet", job.Id);
        }
    }
}
