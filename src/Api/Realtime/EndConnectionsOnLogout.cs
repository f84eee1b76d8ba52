using AIChat.Application.Users;

namespace AIChat.Api.Realtime;

/// <summary>Ends the hub connections of a session that has ended, at this server and at the others.</summary>
internal sealed class EndConnectionsOnLogout(SessionConnections connections, Backplane? backplane = null) : INotificationHandler<SessionEnded>
{
    public Task Handle(SessionEnded notification, CancellationToken cancellationToken)
    {
        connections.End(notification.SessionId);
        backplane?.PublishSessionEnded(notification.SessionId);
        return Task.CompletedTask;
    }
}
