using AIChat.Application.Topics;
using AIChat.Domain.Messages;
using MediatR;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure.Jobs;

/// <summary>Files messages as they come. The store is its queue: what it did not get to, it finds again after a start.</summary>
internal sealed class TopicWorker(TopicQueue queue, IMediator mediator, IMessageRepository messages, RoomLeases leases, TimeProvider time, ILogger<TopicWorker> log) : BackgroundService
{
    private const int RoomsAtOnce = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await leases.ReleaseAllAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
        => Task.WhenAll([LookForWorkAsync(stoppingToken), .. Enumerable.Range(0, RoomsAtOnce).Select(_ => WorkAsync(stoppingToken))]);

    /// <summary>Finds what no signal told of: messages from before the start, and those of a node that died.</summary>
    private async Task LookForWorkAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                foreach (var room in await messages.RoomsWithWorkAsync(stopping))
                    queue.Wake(room);
            }
#pragma warning disable CA1031 // an outage of the store ends by itself; the worker must still be there then
            catch (Exception failure) when (!stopping.IsCancellationRequested)
#pragma warning restore CA1031
            {
                log.LogWarning(failure, "Could not look for messages without a topic");
            }

            await Task.Delay(Pause, time, stopping);
        }
    }

    private async Task WorkAsync(CancellationToken stopping)
    {
        while (true)
        {
            var room = await queue.NextAsync(stopping);
            try
            {
                if ((await mediator.Send(new ClassifyRoom(room), stopping)).Value == ClassificationProgress.BatchDone)
                    queue.Wake(room);
            }
#pragma warning disable CA1031 // one room's trouble must not stop the others; the messages stay unfiled and are found again
            catch (Exception failure) when (!stopping.IsCancellationRequested)
#pragma warning restore CA1031
            {
                log.LogError(failure, "Could not file messages of room {Room}", room);
                await Task.Delay(Pause, time, stopping);
            }
        }
    }
}
