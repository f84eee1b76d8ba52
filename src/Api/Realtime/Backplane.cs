using System.Collections.Concurrent;
using System.Text.Json;
using StackExchange.Redis;

namespace AIChat.Api.Realtime;

/// <summary>
/// Carries hub events between servers through Redis: one channel for each room that has a listener here, one for every listener, one for sessions that ended.
/// Events reach the listeners of this server first and do not wait for Redis. While Redis is away, events stay at this server and clients catch up by <c>sync</c>.
/// </summary>
internal sealed class Backplane : BackgroundService, IAsyncDisposable, IBackplane
{
    private const string Prefix = "aichat:";
    private const string Everyone = Prefix + "all";
    private const string Sessions = Prefix + "sessions";

    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConfigurationOptions _options;
    private readonly JsonSerializerOptions _json;
    private readonly BoundedFanOut _fanOut;
    private readonly SessionConnections _connections;
    private readonly ILogger<Backplane> _log;
    private readonly TimeProvider _time;
    private readonly string _self;
    private readonly ConcurrentDictionary<string, Subscription> _subscriptions = new(StringComparer.Ordinal);
    private ConnectionMultiplexer? _redis;
    private long _lastWarned;

    public Backplane(Uri address, JsonSerializerOptions json, BoundedFanOut fanOut, SessionConnections connections, IIdGenerator ids, TimeProvider time, ILogger<Backplane> log)
    {
        (_options, _json, _fanOut, _connections, _time, _log) = (Options(address), json, fanOut, connections, time, log);
        _self = ids.New();
        _lastWarned = time.GetTimestamp() - (long)(Quiet.TotalSeconds * time.TimestampFrequency);
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _redis = await ConnectionMultiplexer.ConnectAsync(_options);
        _redis.ConnectionFailed += (_, _) => Warn("connection_lost");
        if (!_redis.IsConnected)
            Warn("unreachable");
        _fanOut.Connect(this);
        await SubscribeAsync(Everyone, (received, calls) => _fanOut.DeliverAll(received.Method, calls));
        await SubscribeAsync(Sessions, (received, _) => _connections.End(received.Method));
        await base.StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Dispose();
        if (_redis is not null)
            await _redis.DisposeAsync();
    }

    /// <inheritdoc/>
    public Task JoinAsync(string group) => SubscribeAsync(Prefix + group, (received, calls) => _fanOut.DeliverGroup(group, received.Method, calls));

    public void Leave(string group)
    {
        if (_subscriptions.TryRemove(Prefix + group, out var subscription))
            _ = LeaveAsync(subscription.Queue);
    }

    /// <inheritdoc/>
    public void Publish(string? group, string method, IReadOnlyList<object?[]> calls) => Send(group is null ? Everyone : Prefix + group, new BackplaneEvent<object?>(_self, method, calls));

    public void PublishSessionEnded(string session) => Send(Sessions, new BackplaneEvent<object?>(_self, session, []));

    /// <summary>Makes the subscriptions that failed while Redis was away; the client renews those that were made once.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Pause, _time, stoppingToken);
            if (_redis is not { IsConnected: true })
                continue;
            foreach (var (channel, subscription) in _subscriptions)
            {
                if (subscription.Queue is not { IsCompletedSuccessfully: true, Result: null })
                    continue;
                var again = subscription with { Queue = QueueAsync(channel, subscription.Receive) };
                if (!_subscriptions.TryUpdate(channel, again, subscription))
                    _ = LeaveAsync(again.Queue);
            }
        }
    }

    private static ConfigurationOptions Options(Uri address)
    {
        var to = new ConfigurationOptions
        {
            AbortOnConnectFail = false,
            ConnectTimeout = 2_000,
            ClientName = "AIChat",
            Ssl = address.Scheme == "rediss",

            // An event that could not be sent at once is not sent later: by then clients have caught up.
            BacklogPolicy = BacklogPolicy.FailFast,
        };
        to.EndPoints.Add(address.Host, address.Port);
        if (address.UserInfo.Split(':', 2) is [var user, var password])
            (to.User, to.Password) = (user.Length == 0 ? null : Uri.UnescapeDataString(user), Uri.UnescapeDataString(password));
        return to;
    }

    private Task SubscribeAsync(string channel, Action<BackplaneEvent<JsonElement>, IReadOnlyList<object?[]>> receive)
        => _subscriptions.GetOrAdd(channel, _ => new Subscription(receive, QueueAsync(channel, receive))).Queue;

    private async Task<ChannelMessageQueue?> QueueAsync(string channel, Action<BackplaneEvent<JsonElement>, IReadOnlyList<object?[]>> receive)
    {
        try
        {
            var queue = await _redis!.GetSubscriber().SubscribeAsync(RedisChannel.Literal(channel));
            queue.OnMessage(message => Receive(message, receive));
            return queue;
        }
        catch (RedisException)
        {
            Warn("not_subscribed");
            return null;
        }
    }

    private static async Task LeaveAsync(Task<ChannelMessageQueue?> joining)
    {
        if (await joining is { } queue)
            await queue.UnsubscribeAsync(CommandFlags.FireAndForget);
    }

    private void Receive(ChannelMessage message, Action<BackplaneEvent<JsonElement>, IReadOnlyList<object?[]>> receive)
    {
        try
        {
            if (JsonSerializer.Deserialize<BackplaneEvent<JsonElement>>((byte[])message.Message!, _json) is { Calls: not null, Method: not null } received && received.From != _self)
                receive(received, [.. received.Calls.Select(call => call.Select(argument => (object?)argument).ToArray())]);
        }
        catch (JsonException)
        {
            _log.LogWarning("backplane: an event on {Channel} could not be read; check that every server runs the same version", message.Channel);
        }
    }

    private void Send(string channel, BackplaneEvent<object?> sent)
    {
        if (_redis is not { IsConnected: true })
        {
            Warn("not_told");
            return;
        }

        try
        {
            _redis.GetSubscriber().Publish(RedisChannel.Literal(channel), JsonSerializer.SerializeToUtf8Bytes(sent, _json), CommandFlags.FireAndForget);
        }
        catch (RedisException)
        {
            Warn("not_told");
        }
    }

    private void Warn(string what)
    {
        var (now, last) = (_time.GetTimestamp(), Interlocked.Read(ref _lastWarned));
        if (_time.GetElapsedTime(last, now) >= Quiet && Interlocked.CompareExchange(ref _lastWarned, now, last) == last)
            _log.LogWarning("backplane ({What}): Redis at {Address} does not answer; until it does, listeners at other servers receive nothing from this one", what, string.Join(',', _options.EndPoints));
    }

    private sealed record Subscription(Action<BackplaneEvent<JsonElement>, IReadOnlyList<object?[]>> Receive, Task<ChannelMessageQueue?> Queue);

    /// <param name="From">The server that sent it.</param>
    /// <param name="Method">The event's name, or the session that ended.</param>
    /// <param name="Calls">The event's arguments, once for each time that it happened.</param>
    private sealed record BackplaneEvent<T>(string From, string Method, IReadOnlyList<T[]> Calls);
}
