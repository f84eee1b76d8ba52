using Microsoft.Extensions.Logging;

namespace AIChat.Application.Common;

/// <summary>
/// Tells what has happened after it was stored. A listener that fails is logged and holds up nobody: what was stored stands, and the answer with it.
/// </summary>
public sealed class EventPublisher(ServiceFactory services, ILogger<EventPublisher> log)
{
    public async Task PublishAsync<TEvent>(TEvent happened)
        where TEvent : INotification
    {
        foreach (var listener in services.GetInstances<INotificationHandler<TEvent>>())
        {
            try
            {
                // Not the caller's token: hanging up after the store changes nothing.
                await listener.Handle(happened, CancellationToken.None);
            }
#pragma warning disable CA1031 // whatever a listener throws, the others are told
            catch (Exception failure)
#pragma warning restore CA1031
            {
                log.LogError(failure, "{Listener} failed on {Event}", listener.GetType().Name, typeof(TEvent).Name);
            }
        }
    }
}
