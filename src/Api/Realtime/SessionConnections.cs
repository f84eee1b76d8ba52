using System.Collections.Concurrent;
using AIChat.Api.Users;
using AIChat.Application.Users;
using Microsoft.AspNetCore.SignalR;

namespace AIChat.Api.Realtime;

/// <summary>Which hub connections belong to which session, so that logging out ends them.</summary>
internal sealed class SessionConnections
{
    private readonly ConcurrentDictionary<string, HubCallerContext> connections = new(StringComparer.Ordinal);

    public void Add(HubCallerContext connection) => connections[connection.ConnectionId] = connection;

    public void Remove(HubCallerContext connection) => connections.TryRemove(connection.ConnectionId, out _);

    public void End(string session)
    {
        foreach (var connection in connections.Values.Where(connection => connection.User?.FindFirst(SessionAuthentication.SessionClaim)?.Value == session))
            connection.Abort();
    }
}

internal sealed class EndConnectionsOnLogout(SessionConnections connections, Backplane? backplane = null) : INotificationHandler<SessionEnded>
{
    public Task Handle(SessionEnded notification, CancellationToken cancellationToken)
    {
        connections.End(notification.SessionId);
        backplane?.TellEnded(notification.SessionId);
        return Task.CompletedTask;
    }
}
