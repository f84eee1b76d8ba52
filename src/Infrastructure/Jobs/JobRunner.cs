using AIChat.Application.Jobs;
using AIChat.Application.Messages;
using AIChat.Application.Topics;
using AIChat.Domain.Common;
using AIChat.Domain.Jobs;
using Hangfire;
using MediatR;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure.Jobs;

/// <summary>
/// What Hangfire calls. The jobs themselves are in the store and know how to go on, so running one twice, or again after a crash, changes nothing twice;
/// Hangfire only says when.
/// </summary>
public sealed class JobRunner(IMediator mediator, IJobRepository jobs, ILeaseRepository leases, IBackgroundJobClient hangfire, IIds ids, TimeProvider time, ILogger<JobRunner> log)
{
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(30);
    private const int MuchWork = 10_000;

    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(2);

    [AutomaticRetry(Attempts = 0)]
    public async Task RunAsync(string id, CancellationToken cancellation)
    {
        if (await jobs.FindAsync(new JobId(id), cancellation) is not { HasEnded: false } job)
            return;
        var holder = ids.New();
        var key = $"job:{job.Kind}:{job.RoomId}";
        if (await leases.AcquireAsync(key, holder, LeaseDuration, cancellation) is not { } lease)
        {
            // Another job of this kind is at work in the room, here or on another node.
            TryAgainLater(id);
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var keeping = KeepAsync(key, holder, ended);
        try
        {
            await DispatchAsync(job, ended.Token);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested && failure is StoreUnavailableException or LeaseLostException or OperationCanceledException)
        {
            log.LogWarning(failure, "Job {Job} was interrupted and goes on later", job.Id);
            TryAgainLater(id);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            var told = failure is JobFailedException ? failure.Message : "Something went wrong inside; the server's log has it under this job's id.";
            log.LogError(failure, "Job {Job} ({Kind}, room {Room}) failed", job.Id, job.Kind, job.RoomId);
            job.Fail(told, time.GetUtcNow());
            await jobs.SaveAsync(job, CancellationToken.None);
        }
        finally
        {
            await ended.CancelAsync();
            await keeping;
            await leases.ReleaseAsync(lease, CancellationToken.None);

            // A quiet server would keep what a large job left behind for hours.
            if (job.Total >= MuchWork)
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    /// <summary>Queues the rooms that changed since they were last looked at as a whole.</summary>
    [DisableConcurrentExecution("reclassify-changed", 1)]
    [AutomaticRetry(Attempts = 0)]
    public Task ReclassifyChangedAsync(CancellationToken cancellation) => mediator.Send(new ReclassifyChangedRooms(), cancellation);

    private void TryAgainLater(string id) => hangfire.Schedule<JobRunner>(runner => runner.RunAsync(id, CancellationToken.None), TryAgainAfter);

    private Task DispatchAsync(Job job, CancellationToken cancellation) => job.Kind switch
    {
        JobKind.Import => mediator.Send(new RunImport(job), cancellation),
        JobKind.Reclassify => mediator.Send(new ReclassifyRoom(job), cancellation),
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
