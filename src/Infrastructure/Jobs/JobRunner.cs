using AIChat.Application.Jobs;
using AIChat.Application.Messages;
using AIChat.Application.Summaries;
using AIChat.Application.Topics;
using AIChat.Domain.Jobs;
using Hangfire;
using MediatR;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure.Jobs;

/// <summary>
/// The jobs that Hangfire calls. Its storage refers to them by type, method and parameters, so these names must not change. The jobs themselves are in the store with their progress: running one
/// twice, or again after a crash, changes nothing twice.
/// </summary>
internal sealed class JobRunner(
    IMediator mediator, IJobRepository jobs, ILeaseRepository leases, JobTracker tracker, IIdGenerator ids, TimeProvider time, ILogger<JobRunner> log)
{
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(30);

    /// <summary>Runs a job from its last progress. <see cref="JobPickup"/> queues again a job that does not end here.</summary>
    [AutomaticRetry(Attempts = 0)]
    public async Task RunAsync(string id, CancellationToken cancellation)
    {
        tracker.Started(new JobId(id));
        try
        {
            await RunAloneAsync(new JobId(id), cancellation);
        }
        catch (StoreUnavailableException outage)
        {
            log.LogWarning(outage, "Job {Job} waits for the store", id);
        }
        finally
        {
            tracker.Stopped(new JobId(id));
        }
    }

    /// <summary>Queues a reclassification of each room that changed since its last one.</summary>
    [DisableConcurrentExecution("reclassify-changed", 1)]
    [AutomaticRetry(Attempts = 0)]
    public Task ReclassifyChangedAsync(CancellationToken cancellation) => mediator.Send(new ReclassifyChangedRooms(), cancellation);

    /// <summary>Writes the scheduled summaries that are due.</summary>
    [DisableConcurrentExecution("digests", 1)]
    [AutomaticRetry(Attempts = 0)]
    public Task SendDigestsAsync(CancellationToken cancellation) => mediator.Send(new WriteScheduledSummaries(), cancellation);

    private async Task RunAloneAsync(JobId id, CancellationToken cancellation)
    {
        if (await jobs.FindAsync(id, cancellation) is not { HasEnded: false } waiting)
            return;
        var holder = ids.New();
        var key = $"job:{waiting.Kind}:{waiting.RoomId}";

        // Refused while another job of this kind works in the room, here or on another server.
        if (await leases.AcquireAsync(key, holder, LeaseDuration, cancellation) is not { } lease)
            return;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var keeping = KeepAsync(key, holder, ended);
        try
        {
            // Read again: before the lease was acquired, another server may have continued or ended the job.
            if (await jobs.FindAsync(id, cancellation) is { HasEnded: false } job)
                await RunAsync(job, ended.Token, cancellation);
        }
        finally
        {
            await ended.CancelAsync();
            await keeping;
            await leases.ReleaseAsync(lease, CancellationToken.None);
        }
    }

    private async Task RunAsync(Job job, CancellationToken lost, CancellationToken stopping)
    {
        try
        {
            await DispatchAsync(job, lost);
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested && failure is StoreUnavailableException or LeaseLostException or OperationCanceledException)
        {
            log.LogWarning(failure, "Job {Job} was interrupted and will continue later", job.Id);
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            var message = failure is JobFailedException ? failure.Message : "An internal error occurred; the server's log has it under this job's id.";
            log.LogError(failure, "Job {Job} ({Kind}, room {Room}) failed", job.Id, job.Kind, job.RoomId);
            job.Fail(message, time.GetUtcNow());
            await jobs.SaveAsync(job, CancellationToken.None);
        }
    }

    private Task DispatchAsync(Job job, CancellationToken cancellation) => job.Kind switch
    {
        JobKind.Import => mediator.Send(new RunImport(job), cancellation),
        JobKind.Reclassify => mediator.Send(new ReclassifyRoom(job), cancellation),
        JobKind.Embed => mediator.Send(new EmbedRoom(job), cancellation),
    };

    private async Task KeepAsync(string key, string holder, CancellationTokenSource ended)
    {
        try
        {
            while (true)
            {
                await Task.Delay(LeaseDuration / 3, time, ended.Token);
                if (await leases.AcquireAsync(key, holder, LeaseDuration, ended.Token) is null)
                    await ended.CancelAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The job has ended.
        }
        catch (StoreUnavailableException)
        {
            await ended.CancelAsync();
        }
    }
}
