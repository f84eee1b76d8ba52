namespace AIChat.Api.Realtime;

/// <summary>How a fan-out reaches the listeners of other servers.</summary>
internal interface IBackplane
{
    /// <summary>Subscribes to a group. Once the task is done, events that other servers send to the group arrive here; while the transport is away, from when it is back.</summary>
    Task JoinAsync(string group);

    void Leave(string group);

    /// <summary>Sends an event to the listeners of other servers.</summary>
    /// <param name="group">The group; null: every listener.</param>
    /// <param name="method">The event's name.</param>
    /// <param name="calls">The event's arguments, once for each time that it happened.</param>
    void Publish(string? group, string method, IReadOnlyList<object?[]> calls);
}
