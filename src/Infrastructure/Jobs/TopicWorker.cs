using AIChat.Application.Topics;
using AIChat.Domain.Messages;
using MediatR;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure.Jobs;

/// <summary>Assigns topics to messages as they arrive. The store is its queue: after a start it finds the messages that have no topic yet.</summary>
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

    /// <summary>Finds messages that no signal announced: those from before the start, and those of a node that died.</summary>
    private async Task LookForWorkAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                foreach (var room in await messages.RoomsWithWorkAsync(stopping))
                    queue.Wake(room);
            }
#pragma warning disable CA1031 // an outage of the store ends by itself, and the worker must survive it
            catch (Exception failure) when (!stopping.IsCancellationRequested)
#pragma warning restore CA1031
            {
                log.LogWarning(failure, "Looking for messages without a topic failed and will be tried again");
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
#pragma warning disable CA1031 // a failure in one room must not stop the others; its messages are found again
            catch (Exception failure) when (!stopping.IsCancellationRequested)
#pragma warning restore CA1031
            {
                log.LogError(failure, "Assigning topics in room {Room} failed and will be tried again", room);
                await Task.Delay(Pause, time, stopping);
            }
        }
    }
}
