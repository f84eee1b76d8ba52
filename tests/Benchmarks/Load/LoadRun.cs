using System.Diagnostics;
using System.Globalization;
using AIChat.Benchmarks.Common;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace AIChat.Benchmarks.Load;

/// <summary>One run against one server: fresh rooms, connections, warm-up, measured time, and the wait for what is still under way.</summary>
internal sealed class LoadRun(LoadTarget target, LoadOptions options, int run) : IAsyncDisposable
{
    static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(60);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    readonly Tally _tally = new(options);
    readonly HubConnection[] _connections = new HubConnection[options.Senders];

    // A client message id is the sender's own for ever: two invocations against one server must not share any.
    readonly string _tag = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId:x}-{Stopwatch.GetTimestamp():x}");
    string[] _rooms = [];
    volatile bool _closing;

    public async Task<LoadResult> RunAsync(CancellationToken cancellation)
    {
        await MakeRoomsAsync(cancellation);
        await Parallel.ForAsync(0, options.Senders, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellation }, ConnectAsync);

        var start = Stopwatch.GetTimestamp() + Stopwatch.Frequency / 2;
        var pacer = Task.Factory.StartNew(() => Pace(start, cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var window = await MeasureAsync(start, cancellation);
        await pacer;
        await DrainAsync(
            () => _tally.Deliveries + _tally.Ended,
            () => _tally.Ended == options.Messages && _tally.Deliveries >= _tally.Acknowledged * options.Clients,
            cancellation);
        if (target.TellsTopics)
            await DrainAsync(() => _tally.Topics, () => _tally.Topics >= _tally.Acknowledged, cancellation);
        return _tally.Result(target, run, window);
    }

    public async ValueTask DisposeAsync()
    {
        _closing = true;
        await Task.WhenAll(_connections.Where(connection => connection is not null).Select(async connection => await connection.DisposeAsync()));
    }

    async Task MakeRoomsAsync(CancellationToken cancellation)
    {
        using var api = new ApiClient(target.Url);
        _rooms = new string[options.Rooms];
        for (var room = 0; room < options.Rooms; room++)
            _rooms[room] = await api.CreateRoomAsync(target.Users[room], $"load {run}-{room} {_tag}", cancellation);
    }

    async ValueTask ConnectAsync(int sender, CancellationToken cancellation)
    {
        var (room, member, token) = (sender % options.Rooms, sender / options.Rooms, target.Users[sender].Token);
        var builder = new HubConnectionBuilder().WithUrl(new Uri(target.Url, "hub/chat"), http =>
        {
            http.AccessTokenProvider = () => Task.FromResult<string?>(token);
            http.Transports = HttpTransportType.WebSockets;
            http.Proxy = null;
            http.WebSocketConfiguration = socket => socket.Proxy = null;
            http.HttpMessageHandlerFactory = handler =>
            {
                if (handler is HttpClientHandler plain)
                    plain.UseProxy = false;
                return handler;
            };
        });
        if (options.Protocol == "messagepack")
            builder.AddMessagePackProtocol(protocol => protocol.SerializerOptions = Wire.Options);
        var connection = _connections[sender] = builder.Build();
        connection.On<ChatSeen>("chat", message => _tally.Receive(room, member, message));
        if (member == 0)
            connection.On<TopicSeen>("topic", _tally.SeeTopic);
        connection.Closed += _ =>
        {
            if (!_closing)
                _tally.Disconnect();
            return Task.CompletedTask;
        };
        await connection.StartAsync(cancellation);
        await connection.InvokeAsync("join", _rooms[room], cancellation);
    }

    /// <summary>
    /// Open loop: message n is due at start + n / rate, whatever became of those before it. A server that stalls is charged for every message that was due
    /// meanwhile ("coordinated omission" is what a generator that waits would commit).
    /// </summary>
    void Pace(long start, CancellationToken cancellation)
    {
        var interval = (double)Stopwatch.Frequency / options.Rate;
        for (var number = 0; number < options.Messages && !cancellation.IsCancellationRequested; number++)
        {
            var intended = start + (long)(number * interval);
            PreciseSleep.Until(intended);
            _tally.Sending(number, intended);
            _ = SendAsync(number, intended, cancellation);
        }
    }

    async Task SendAsync(int number, long intended, CancellationToken cancellation)
    {
        try
        {
            var post = new Post(_rooms[_tally.RoomOf(number)], Sentences.Write(number, intended), $"{_tag}-{number}");
            await _connections[number % options.Senders].InvokeAsync<ChatSeen>("message", post, cancellation);
            _tally.Acknowledge(number);
        }
        catch (Exception failure) when (failure is HubException or InvalidOperationException or IOException or OperationCanceledException or TimeoutException)
        {
            _tally.Fail(failure);
        }
    }

    async Task<Window> MeasureAsync(long start, CancellationToken cancellation)
    {
        using var self = Process.GetCurrentProcess();
        await DelayUntilAsync(start + options.Warmup * Stopwatch.Frequency, cancellation);
        var (from, deliveries, server) = (Stopwatch.GetTimestamp(), _tally.Deliveries, Stats());
        var client = self.TotalProcessorTime;
        await DelayUntilAsync(start + (options.Warmup + options.Seconds) * Stopwatch.Frequency, cancellation);
        var end = Stats();
        self.Refresh();
        return new Window(
            Stopwatch.GetElapsedTime(from).TotalSeconds,
            _tally.Deliveries - deliveries,
            end?.CpuSeconds - server?.CpuSeconds,
            (self.TotalProcessorTime - client).TotalSeconds,
            end);
    }

    ProcessStats? Stats() => target.Pid is { } pid ? ProcessStats.Of(pid) : null;

    /// <summary>Waits until all is in, nothing more has come for a while, or a minute is over.</summary>
    static async Task DrainAsync(Func<long> progress, Func<bool> done, CancellationToken cancellation)
    {
        var (began, moved, last) = (Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp(), progress());
        while (!done() && Stopwatch.GetElapsedTime(began) < DrainLimit && Stopwatch.GetElapsedTime(moved) < Patience)
        {
            await Task.Delay(50, cancellation);
            if (progress() is var now && now != last)
                (last, moved) = (now, Stopwatch.GetTimestamp());
        }

        // One more moment, in which a message delivered twice would show.
        await Task.Delay(200, cancellation);
    }

    static Task DelayUntilAsync(long timestamp, CancellationToken cancellation)
    {
        var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), timestamp);
        return left > TimeSpan.Zero ? Task.Delay(left, cancellation) : Task.CompletedTask;
    }
}
