using AIChat.Application.Topics;
using AIChat.Domain.Jobs;
using AIChat.Domain.Summaries;
using Hangfire;
using MediatR;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure.Jobs;

/// <summary>
/// Looks for stored jobs that nobody runs: interrupted by a stop, a crash or an outage, put off because another was at work in the room, or lost by Hangfire. The
/// store is the queue; Hangfire only wakes. Sets the schedule as well.
/// </summary>
internal sealed class JobPickup(IMediator mediator, IJobRepository jobs, ISummaryRepository summaries, HangfireJobQueue queue, IRecurringJobManager schedule, FileSpool spool, InfrastructureOptions options, TimeProvider time, ILogger<JobPickup> log)
    : BackgroundService
{
    private const string Digests = "digests";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Which rooms a model has not seen is asked of all rooms, and nobody waits for it.</summary>
    private static readonly TimeSpan BetweenLooksForUnseen = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var swept = false;
        var looked = DateTimeOffset.MinValue;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var unfinished = await jobs.UnfinishedAsync(stoppingToken);
                if (!swept)
                {
                    spool.Sweep(unfinished.Select(job => job.Id.Value).ToHashSet(StringComparer.Ordinal));
                    schedule.AddOrUpdate<JobRunner>("reclassify-changed", runner => runner.ReclassifyChangedAsync(CancellationToken.None), $"*/{options.ReclassifyMinutes} * * * *");
                    schedule.AddOrUpdate<JobRunner>(Digests, runner => runner.SendDigestsAsync(CancellationToken.None), "* * * * *");
                    schedule.Trigger(Digests);
                    await summaries.DropChangedAsync(stoppingToken);
                    swept = true;
                }

                if (time.GetUtcNow() - looked >= BetweenLooksForUnseen)
                {
                    await mediator.Send(new EmbedUnseenRooms(), stoppingToken);
                    looked = time.GetUtcNow();
                }

                foreach (var job in unfinished.Where(job => job.Kind != JobKind.Import || options.MongoUri is null || spool.Holds(job.Id.Value)))
                    queue.EnqueueIfForgotten(job);
            }
#pragma warning disable CA1031 // an outage ends by itself; whoever looks for work must still be there then
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                log.LogWarning(failure, "Could not look for jobs to go on with");
            }

            await Task.Delay(Pause, time, stoppingToken);
        }
    }
}
