using System.Collections.Concurrent;
using AIChat.Api.Users;
using Microsoft.AspNetCore.SignalR;

namespace AIChat.Api.Realtime;

/// <summary>Which hub connections belong to which session, so that logging out ends them.</summary>
internal sealed class SessionConnections
{
    private readonly ConcurrentDictionary<string, HubCallerContext> _connections = new(StringComparer.Ordinal);

    public void Add(HubCallerContext connection) => _connections[connection.ConnectionId] = connection;

    public void Remove(HubCallerContext connection) => _connections.TryRemove(connection.ConnectionId, out _);

    public void End(string session)
    {
        foreach (var connection in _connections.Values.Where(connection => connection.User?.FindFirst(SessionAuthentication.SessionClaim)?.Value == session))
            connection.Abort();
    }
}
