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
/// What Hangfire calls. The jobs themselves are in the store and know how to go on, so running one twice, or again after a crash, changes nothing twice;
/// Hangfire only says when.
/// </summary>
public sealed class JobRunner
{
    private const int MuchWork = 10_000;

    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(30);

    private readonly IMediator mediator;
    private readonly IJobRepository jobs;
    private readonly ILeaseRepository leases;
    private readonly HangfireJobQueue queue;
    private readonly IIdGenerator ids;
    private readonly TimeProvider time;
    private readonly ILogger<JobRunner> log;

    internal JobRunner(IMediator mediator, IJobRepository jobs, ILeaseRepository leases, HangfireJobQueue queue, IIdGenerator ids, TimeProvider time, ILogger<JobRunner> log)
    {
        this.mediator = mediator;
        this.jobs = jobs;
        this.leases = leases;
        this.queue = queue;
        this.ids = ids;
        this.time = time;
        this.log = log;
    }

    /// <summary>Runs a job from where it stands. What does not come to an end here is picked up again (<see cref="JobPickup"/>).</summary>
    [AutomaticRetry(Attempts = 0)]
    public async Task RunAsync(string id, CancellationToken cancellation)
    {
        queue.Started(new JobId(id));
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
            queue.Stopped(new JobId(id));
        }
    }

    /// <summary>Queues the rooms that changed since they were last looked at as a whole.</summary>
    [DisableConcurrentExecution("reclassify-changed", 1)]
    [AutomaticRetry(Attempts = 0)]
    public Task ReclassifyChangedAsync(CancellationToken cancellation) => mediator.Send(new ReclassifyChangedRooms(), cancellation);

    /// <summary>Makes the digests that are due.</summary>
    [DisableConcurrentExecution("digests", 1)]
    [AutomaticRetry(Attempts = 0)]
    public Task SendDigestsAsync(CancellationToken cancellation) => mediator.Send(new WriteScheduledSummaries(), cancellation);

    private async Task RunAloneAsync(JobId id, CancellationToken cancellation)
    {
        if (await jobs.FindAsync(id, cancellation) is not { HasEnded: false } waiting)
            return;
        var holder = ids.New();
        var key = $"job:{waiting.Kind}:{waiting.RoomId}";

        // Not ours where another job of this kind is at work in the room, here or on another server.
        if (await leases.AcquireAsync(key, holder, LeaseDuration, cancellation) is not { } lease)
            return;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var keeping = KeepAsync(key, holder, ended);
        try
        {
            // As it stands now: until the lease was ours, somebody else may have moved it on, or to its end.
            if (await jobs.FindAsync(id, cancellation) is { HasEnded: false } job)
                await RunAsync(job, ended.Token, cancellation);
        }
        finally
        {
            await ended.CancelAsync();
            await keeping;
            await leases.ReleaseAsync(lease, CancellationToken.None);

            // A quiet server would keep what a large job left behind for hours.
            if (waiting.Total >= MuchWork)
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
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
            log.LogWarning(failure, "Job {Job} was interrupted and goes on later", job.Id);
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            var told = failure is JobFailedException ? failure.Message : "Something went wrong inside; the server's log has it under this job's id.";
            log.LogError(failure, "Job {Job} ({Kind}, room {Room}) failed", job.Id, job.Kind, job.RoomId);
            job.Fail(told, time.GetUtcNow());
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
