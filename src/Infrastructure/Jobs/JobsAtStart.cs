using AIChat.Application.Jobs;
using AIChat.Domain.Jobs;
using Hangfire;
using Microsoft.Extensions.Hosting;

namespace AIChat.Infrastructure.Jobs;

/// <summary>Goes on with the jobs that a stop or a crash interrupted, and sets the schedule.</summary>
internal sealed class JobsAtStart(IJobRepository jobs, IJobQueue queue, IRecurringJobManager schedule, FileSpool spool, InfrastructureOptions options) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var unfinished = await jobs.UnfinishedAsync(stoppingToken);
        spool.Sweep(unfinished.Select(job => job.Id.Value).ToHashSet(StringComparer.Ordinal));
        foreach (var job in unfinished)
            queue.Enqueue(job.Id);
        schedule.AddOrUpdate<JobRunner>("reclassify-changed", runner => runner.ReclassifyChangedAsync(CancellationToken.None), $"*/{options.ReclassifyMinutes} * * * *");
    }
}
