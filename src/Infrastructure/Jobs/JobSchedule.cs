using Hangfire;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure.Jobs;

/// <summary>Sets Hangfire's schedule at the start, and runs the summaries that became due while no server ran.</summary>
internal sealed class JobSchedule(IRecurringJobManager schedule, JobOptions options, TimeProvider time, ILogger<JobSchedule> log) : RepeatedWork(TimeSpan.FromSeconds(2), time, log)
{
    private const string Digests = "digests";

    protected override Task<bool> WorkAsync(CancellationToken cancellation)
    {
        schedule.AddOrUpdate<JobRunner>("reclassify-changed", runner => runner.ReclassifyChangedAsync(CancellationToken.None), $"*/{options.ReclassifyMinutes} * * * *");
        schedule.AddOrUpdate<JobRunner>(Digests, runner => runner.SendDigestsAsync(CancellationToken.None), "* * * * *");
        schedule.Trigger(Digests);
        return Task.FromResult(true);
    }
}
