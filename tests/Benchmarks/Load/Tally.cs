using System.Collections.Concurrent;
using System.Diagnostics;
using AIChat.Benchmarks.Common;

namespace AIChat.Benchmarks.Load;

/// <summary>Counts what happens to the messages of one run. Message n comes from sender n modulo senders; sender s is in room s modulo rooms.</summary>
internal sealed class Tally(LoadOptions options)
{
    readonly int _measuredFrom = options.Rate * options.Warmup;
    readonly long[] _intended = new long[options.Messages];
    readonly bool[] _acknowledgedMessages = new bool[options.Messages];
    readonly string?[] _ids = new string?[options.Messages];

    // One cell for each delivery; a connection's events come one after the other, so no cell has two writers.
    readonly byte[] _seen = new byte[(long)options.Messages * options.Clients];
    readonly ConcurrentDictionary<string, long> _topics = new(StringComparer.Ordinal);
    readonly LatencyHistogram _received = new();
    readonly LatencyHistogram _acknowledged = new();
    readonly LatencyHistogram _lag = new();
    long _deliveries, _duplicated, _misdelivered, _disconnected, _acknowledgedCount, _failed;
    string? _firstFailure;

    public long Deliveries => Interlocked.Read(ref _deliveries);

    public long Acknowledged => Interlocked.Read(ref _acknowledgedCount);

    public long Ended => Acknowledged + Interlocked.Read(ref _failed);

    public long Topics => _topics.Count;

    public int RoomOf(int number) => number % options.Senders % options.Rooms;

    public void Sending(int number, long intended)
    {
        _intended[number] = intended;
        if (number >= _measuredFrom)
            _lag.Record(Stopwatch.GetTimestamp() - intended);
    }

    public void Acknowledge(int number)
    {
        if (number >= _measuredFrom)
            _acknowledged.Record(Stopwatch.GetTimestamp() - _intended[number]);
        _acknowledgedMessages[number] = true;
        Interlocked.Increment(ref _acknowledgedCount);
    }

    public void Fail(Exception failure)
    {
        Interlocked.CompareExchange(ref _firstFailure, failure.Message, null);
        Interlocked.Increment(ref _failed);
    }

    public void Disconnect() => Interlocked.Increment(ref _disconnected);

    /// <param name="room">The receiver's room.</param>
    /// <param name="member">The receiver's place in it, from 0.</param>
    /// <param name="message">What came.</param>
    public void Receive(int room, int member, ChatSeen message)
    {
        var now = Stopwatch.GetTimestamp();
        if (!Sentences.TryRead(message.Content, out var number, out var intended)
            || (uint)number >= (uint)_intended.Length || _intended[number] != intended || RoomOf(number) != room)
        {
            Interlocked.Increment(ref _misdelivered);
            return;
        }

        if (member == 0)
            _ids[number] = message.Id;
        ref var seen = ref _seen[(long)number * options.Clients + member];
        if (seen != 0)
        {
            Interlocked.Increment(ref _duplicated);
            return;
        }

        seen = 1;
        if (number >= _measuredFrom)
            _received.Record(now - intended);
        Interlocked.Increment(ref _deliveries);
    }

    /// <summary>The first event counts; a later one is a correction, not the verdict that people waited for.</summary>
    public void SeeTopic(TopicSeen topic)
    {
        if (topic.MessageId is { } id)
            _topics.TryAdd(id, Stopwatch.GetTimestamp());
    }

    /// <summary>Sums up, after everything has come in.</summary>
    public LoadResult Result(LoadTarget target, int run, Window window)
    {
        var topic = new LatencyHistogram();
        long outstanding = 0, lost = 0;
        for (var number = 0; number < options.Messages; number++)
        {
            if (!_acknowledgedMessages[number])
                continue;
            lost += options.Clients - _seen.AsSpan(checked(number * options.Clients), options.Clients).Count((byte)1);
            if (_ids[number] is not { } id || !_topics.TryGetValue(id, out var at))
                outstanding++;
            else if (number >= _measuredFrom)
                topic.Record(at - _intended[number]);
        }

        return new LoadResult(target.Name, run)
        {
            Sent = options.Messages,
            Failed = _failed,
            FirstFailure = _firstFailure,
            DeliveriesPerSecond = window.Deliveries / window.Seconds,
            Received = _received.Read(),
            Acknowledged = _acknowledged.Read(),
            Topic = topic.Read(),
            GeneratorLag = _lag.Read(),
            Lost = lost,
            Duplicated = _duplicated,
            Misdelivered = _misdelivered,
            Disconnected = _disconnected,
            TopicsOutstanding = target.TellsTopics ? outstanding : null,
            ServerCpuSecondsPerMillionDeliveries = window.Deliveries == 0 ? null : window.ServerCpuSeconds / window.Deliveries * 1e6,
            ServerCores = window.ServerCpuSeconds / window.Seconds,
            ClientCores = window.ClientCpuSeconds / window.Seconds,
            ServerRssMb = window.Server?.RssMb,
            ServerPeakRssMb = window.Server?.PeakRssMb,
        };
    }
}

/// <summary>The measured stretch of a run: from the end of the warm-up to the last intended send.</summary>
/// <param name="Seconds">Its length as it was.</param>
/// <param name="Deliveries">What arrived in it.</param>
/// <param name="ServerCpuSeconds">What the server used in it; null: unknown.</param>
/// <param name="ClientCpuSeconds">What this process used in it.</param>
/// <param name="Server">The server at its end.</param>
internal sealed record Window(double Seconds, long Deliveries, double? ServerCpuSeconds, double ClientCpuSeconds, ProcessStats? Server);
