using Microsoft.Extensions.Logging;

namespace AIChat.Application.Common;

/// <summary>
/// Publishes events after the store. A listener that fails is logged; the other listeners and the caller's answer are not affected.
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
                // Not the caller's token: the event is stored already.
                await listener.Handle(happened, CancellationToken.None);
            }
#pragma warning disable CA1031 // one listener's failure must not stop the others
            catch (Exception failure)
#pragma warning restore CA1031
            {
                log.LogError(failure, "{Listener} failed on {Event}", listener.GetType().Name, typeof(TEvent).Name);
            }
        }
    }
}
