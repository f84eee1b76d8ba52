using AIChat.Application.Common;
using MediatR;
using Microsoft.Extensions.Logging.Abstractions;

namespace AIChat.Application.Tests.Common;

public sealed class EventPublisherTests
{
    [Fact]
    public async Task A_listener_that_fails_does_not_stop_the_others()
    {
        var heard = new List<string>();
        INotificationHandler<Happened>[] listeners = [new Listener(heard, "first"), new Listener(heard, null), new Listener(heard, "last")];

        await new EventPublisher(_ => listeners, NullLogger<EventPublisher>.Instance).PublishAsync(new Happened());

        Assert.Equal(["first", "last"], heard);
    }

    internal sealed record Happened : INotification;

    private sealed class Listener(List<string> heard, string? name) : INotificationHandler<Happened>
    {
        public Task Handle(Happened notification, CancellationToken cancellationToken)
        {
            heard.Add(name ?? throw new InvalidOperationException("This listener fails."));
            return Task.CompletedTask;
        }
    }
}
