using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace AIChat.Api.Realtime;

/// <summary>
/// Sends to a room's listeners without waiting for any of them. SignalR's own manager queues for a slow reader without limit and makes the sender wait for the
/// slowest one; here each connection may fall behind by <see cref="MaxBehind"/> messages, then it is cut off and catches up by <c>sync</c>.
/// </summary>
[SuppressMessage("Design", "CA1031", Justification = "A connection that cannot be written to is gone; the others receive the event all the same.")]
internal sealed class BoundedFanOut(ILogger<BoundedFanOut> log, ILogger<DefaultHubLifetimeManager<ChatHub>> inner) : DefaultHubLifetimeManager<ChatHub>(inner)
{
    public const int MaxBehind = 1_000;

    private const int MaxTogether = 100;

    private readonly ConcurrentDictionary<string, Listener> _listeners = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, Listener>> _groups = new(StringComparer.Ordinal);

    private IBackplane? _backplane;

    /// <summary>From now on, events reach the listeners of other servers as well.</summary>
    public void Connect(IBackplane backplane) => _backplane = backplane;

    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        _listeners[connection.ConnectionId] = new Listener(connection);
        return base.OnConnectedAsync(connection);
    }

    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        if (_listeners.TryRemove(connection.ConnectionId, out var listener))
        {
            foreach (var group in listener.Groups.Keys)
                Leave(listener, group);
        }

        return base.OnDisconnectedAsync(connection);
    }

    public override Task AddToGroupAsync(string connectionId, string groupName, CancellationToken cancellationToken = default)
    {
        var joined = Task.CompletedTask;
        if (_listeners.TryGetValue(connectionId, out var listener))
        {
            lock (_groups)
            {
                listener.Groups[groupName] = 0;
                _groups.GetOrAdd(groupName, _ => new ConcurrentDictionary<string, Listener>(StringComparer.Ordinal))[connectionId] = listener;
                joined = _backplane?.JoinAsync(groupName) ?? joined;
            }
        }

        return joined;
    }

    public override Task RemoveFromGroupAsync(string connectionId, string groupName, CancellationToken cancellationToken = default)
    {
        if (_listeners.TryGetValue(connectionId, out var listener))
            Leave(listener, groupName);
        return Task.CompletedTask;
    }

    public override Task SendGroupAsync(string groupName, string methodName, object?[] args, CancellationToken cancellationToken = default)
    {
        SendGroup(groupName, methodName, [args]);
        return Task.CompletedTask;
    }

    /// <summary>Sends events of one kind in one write: a busy room's listeners get one packet rather than one for each event.</summary>
    public void SendGroup(string groupName, string methodName, IReadOnlyList<object?[]> calls)
    {
        DeliverGroup(groupName, methodName, calls);
        _backplane?.Publish(groupName, methodName, calls);
    }

    public override Task SendAllAsync(string methodName, object?[] args, CancellationToken cancellationToken = default)
    {
        DeliverAll(methodName, [args]);
        _backplane?.Publish(null, methodName, [args]);
        return Task.CompletedTask;
    }

    /// <summary>Sends to the group's listeners at this server.</summary>
    public void DeliverGroup(string groupName, string methodName, IReadOnlyList<object?[]> calls)
    {
        if (_groups.TryGetValue(groupName, out var members))
            Deliver(members.Values, methodName, calls);
    }

    /// <summary>Sends to every listener at this server.</summary>
    public void DeliverAll(string methodName, IReadOnlyList<object?[]> calls) => Deliver(_listeners.Values, methodName, calls);

    private void Deliver(ICollection<Listener> to, string methodName, IReadOnlyList<object?[]> calls)
    {
        if (calls is [var only])
        {
            Send(to, new SerializedHubMessage(new InvocationMessage(methodName, only)));
            return;
        }

        var protocols = to.Select(listener => listener.Connection.Protocol).DistinctBy(protocol => protocol.Name).ToList();
        foreach (var some in calls.Select(call => new InvocationMessage(methodName, call)).Chunk(MaxTogether))
        {
            Send(to, new SerializedHubMessage([.. protocols.Select(protocol =>
                new SerializedMessage(protocol.Name, some.SelectMany(happened => protocol.GetMessageBytes(happened).ToArray()).ToArray()))]));
        }
    }

    private void Leave(Listener listener, string group)
    {
        lock (_groups)
        {
            listener.Groups.TryRemove(group, out _);
            if (_groups.TryGetValue(group, out var members) && members.TryRemove(listener.Connection.ConnectionId, out _) && members.IsEmpty && _groups.TryRemove(group, out _))
                _backplane?.Leave(group);
        }
    }

    // The message is written once for each protocol, however many listen.
    private void Send(ICollection<Listener> to, SerializedHubMessage message)
    {
        foreach (var listener in to)
        {
            var writing = listener.Connection.WriteAsync(message, CancellationToken.None);
            if (writing.IsCompletedSuccessfully)
                continue;
            if (Interlocked.Increment(ref listener.Behind) > MaxBehind)
                CutOff(listener);
            _ = WaitAsync(writing, listener);
        }
    }

    private void CutOff(Listener listener)
    {
        if (Interlocked.Exchange(ref listener.IsCut, 1) != 0)
            return;
        log.LogWarning("slow_consumer: connection {Connection} is cut off, more than {Max} messages behind", listener.Connection.ConnectionId, MaxBehind);
        listener.Connection.Abort();
    }

    private static async Task WaitAsync(ValueTask writing, Listener listener)
    {
        try
        {
            await writing;
        }
        catch
        {
            // Gone; OnDisconnectedAsync tidies up.
        }
        finally
        {
            Interlocked.Decrement(ref listener.Behind);
        }
    }

    private sealed class Listener(HubConnectionContext connection)
    {
        public int Behind;
        public int IsCut;

        public HubConnectionContext Connection { get; } = connection;

        public ConcurrentDictionary<string, byte> Groups { get; } = new(StringComparer.Ordinal);
    }
}
