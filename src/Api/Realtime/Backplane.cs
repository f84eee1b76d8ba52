using System.Collections.Concurrent;
using System.Text.Json;
using StackExchange.Redis;

namespace AIChat.Api.Realtime;

/// <summary>
/// Carries hub events between servers through Redis: a channel for each room that somebody here listens to, one for everybody, one for sessions that ended.
/// What happens here is told here first and does not wait for Redis; while it is away events stay where they happened, and clients catch up by <c>sync</c>.
/// </summary>
internal sealed class Backplane : BackgroundService, IAsyncDisposable
{
    private const string Prefix = "aichat:";
    private const string Everybody = Prefix + "all";
    private const string Sessions = Prefix + "sessions";

    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConfigurationOptions options;
    private readonly JsonSerializerOptions json;
    private readonly BoundedFanOut fanOut;
    private readonly SessionConnections connections;
    private readonly ILogger<Backplane> log;
    private readonly TimeProvider time;
    private readonly string self;
    private readonly ConcurrentDictionary<string, Subscription> subscriptions = new(StringComparer.Ordinal);
    private ConnectionMultiplexer? redis;
    private long lastWarned;

    public Backplane(Uri address, JsonSerializerOptions json, BoundedFanOut fanOut, SessionConnections connections, IIdGenerator ids, TimeProvider time, ILogger<Backplane> log)
    {
        (options, this.json, this.fanOut, this.connections, this.time, this.log) = (Options(address), json, fanOut, connections, time, log);
        self = ids.New();
        lastWarned = time.GetTimestamp() - (long)(Quiet.TotalSeconds * time.TimestampFrequency);
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        redis = await ConnectionMultiplexer.ConnectAsync(options);
        redis.ConnectionFailed += (_, _) => Warn("connection_lost");
        if (!redis.IsConnected)
            Warn("unreachable");
        fanOut.Connect(this);
        await SubscribeAsync(Everybody, (told, calls) => fanOut.DeliverAll(told.Method, calls));
        await SubscribeAsync(Sessions, (told, _) => connections.End(told.Method));
        await base.StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Dispose();
        if (redis is not null)
            await redis.DisposeAsync();
    }

    /// <summary>From when it is done on, what others say in the group arrives here; while Redis is away, from when it is there again.</summary>
    public Task JoinAsync(string group) => SubscribeAsync(Prefix + group, (told, calls) => fanOut.DeliverGroup(group, told.Method, calls));

    public void Leave(string group)
    {
        if (subscriptions.TryRemove(Prefix + group, out var subscription))
            _ = LeaveAsync(subscription.Queue);
    }

    /// <param name="group">Whom it is for; null: everybody.</param>
    /// <param name="method">The event.</param>
    /// <param name="calls">Its arguments, once for each time that it happened.</param>
    public void Tell(string? group, string method, IReadOnlyList<object?[]> calls) => Publish(group is null ? Everybody : Prefix + group, new BackplaneEvent<object?>(self, method, calls));

    public void TellEnded(string session) => Publish(Sessions, new BackplaneEvent<object?>(self, session, []));

    /// <summary>Makes up for subscriptions that were wanted while Redis was away; those that were there once it makes again by itself.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Pause, time, stoppingToken);
            if (redis is not { IsConnected: true })
                continue;
            foreach (var (channel, subscription) in subscriptions)
            {
                if (subscription.Queue is not { IsCompletedSuccessfully: true, Result: null })
                    continue;
                var again = subscription with { Queue = QueueAsync(channel, subscription.Hear) };
                if (!subscriptions.TryUpdate(channel, again, subscription))
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

            // What could not be told at once is not told later: by then clients have caught up.
            BacklogPolicy = BacklogPolicy.FailFast,
        };
        to.EndPoints.Add(address.Host, address.Port);
        if (address.UserInfo.Split(':', 2) is [var user, var password])
            (to.User, to.Password) = (user.Length == 0 ? null : Uri.UnescapeDataString(user), Uri.UnescapeDataString(password));
        return to;
    }

    private Task SubscribeAsync(string channel, Action<BackplaneEvent<JsonElement>, IReadOnlyList<object?[]>> hear)
        => subscriptions.GetOrAdd(channel, _ => new Subscription(hear, QueueAsync(channel, hear))).Queue;

    private async Task<ChannelMessageQueue?> QueueAsync(string channel, Action<BackplaneEvent<JsonElement>, IReadOnlyList<object?[]>> hear)
    {
        try
        {
            var queue = await redis!.GetSubscriber().SubscribeAsync(RedisChannel.Literal(channel));
            queue.OnMessage(message => Hear(message, hear));
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

    private void Hear(ChannelMessage message, Action<BackplaneEvent<JsonElement>, IReadOnlyList<object?[]>> hear)
    {
        try
        {
            if (JsonSerializer.Deserialize<BackplaneEvent<JsonElement>>((byte[])message.Message!, json) is { Calls: not null, Method: not null } told && told.From != self)
                hear(told, [.. told.Calls.Select(call => call.Select(argument => (object?)argument).ToArray())]);
        }
        catch (JsonException)
        {
            log.LogWarning("backplane: something on {Channel} was not understood; is every server of the same version?", message.Channel);
        }
    }

    private void Publish(string channel, BackplaneEvent<object?> told)
    {
        if (redis is not { IsConnected: true })
        {
            Warn("not_told");
            return;
        }

        try
        {
            redis.GetSubscriber().Publish(RedisChannel.Literal(channel), JsonSerializer.SerializeToUtf8Bytes(told, json), CommandFlags.FireAndForget);
        }
        catch (RedisException)
        {
            Warn("not_told");
        }
    }

    private void Warn(string what)
    {
        var (now, last) = (time.GetTimestamp(), Interlocked.Read(ref lastWarned));
        if (time.GetElapsedTime(last, now) >= Quiet && Interlocked.CompareExchange(ref lastWarned, now, last) == last)
            log.LogWarning("backplane ({What}): Redis at {Address} does not answer; until it does, listeners at other servers hear nothing from here", what, string.Join(',', options.EndPoints));
    }

    private sealed record Subscription(Action<BackplaneEvent<JsonElement>, IReadOnlyList<object?[]>> Hear, Task<ChannelMessageQueue?> Queue);

    /// <param name="From">The server that says it.</param>
    /// <param name="Method">The event, or the session that ended.</param>
    /// <param name="Calls">Its arguments.</param>
    private sealed record BackplaneEvent<T>(string From, string Method, IReadOnlyList<T[]> Calls);
}
