using AIChat.Benchmarks.Common;

namespace AIChat.Benchmarks.Load;

/// <param name="Rooms">Rooms, fresh in each run.</param>
/// <param name="Clients">Connections in each room; all of them send and all of them receive.</param>
/// <param name="Rate">Messages a second over all rooms.</param>
/// <param name="Seconds">Measured time.</param>
/// <param name="Warmup">Seconds at the same rate before that, not measured.</param>
/// <param name="Protocol">json or messagepack.</param>
/// <param name="Runs">Runs of each target, in turn.</param>
internal sealed record LoadOptions(int Rooms, int Clients, int Rate, int Seconds, int Warmup, string Protocol, int Runs)
{
    public int Senders => Rooms * Clients;

    public int Messages => Rate * (Warmup + Seconds);

    /// <returns>The first reason why these numbers cannot be run; null: none.</returns>
    public string? WhyNot()
    {
        if (Rooms < 1 || Clients < 1 || Rate < 1 || Seconds < 1 || Runs < 1)
            return "--rooms, --clients, --rate, --seconds and --runs must be at least 1.";
        if (Rate >= 20 * Senders)
            return $"A person may send 20 messages a second: {Rate} a second need more than {Rate / 20} connections, these are {Senders}.";
        if (Senders > 10_000)
            return $"{Senders} connections are more than one generator should hold (10,000).";
        return (long)Messages * Clients > 200_000_000 ? "More than 200 million deliveries a run: take fewer seconds or clients." : null;
    }
}

/// <summary>A server under load.</summary>
/// <param name="Name">As the results call it.</param>
/// <param name="Url">Its address.</param>
/// <param name="Pid">Null: unknown, then its CPU and memory are not measured.</param>
/// <param name="Users">One for each connection.</param>
/// <param name="TellsTopics">Whether a <c>topic</c> event follows each message.</param>
internal sealed record LoadTarget(string Name, Uri Url, int? Pid, IReadOnlyList<ApiUser> Users, bool TellsTopics);

/// <summary>What one run gave. Latencies in milliseconds from the moment at which a message was meant to be sent.</summary>
internal sealed record LoadResult(string Target, int Run)
{
    public required long Sent { get; init; }

    public required long Failed { get; init; }

    public required string? FirstFailure { get; init; }

    public required double DeliveriesPerSecond { get; init; }

    public required Percentiles? Received { get; init; }

    public required Percentiles? Acknowledged { get; init; }

    public required Percentiles? Topic { get; init; }

    /// <summary>How late the generator itself sent.</summary>
    public required Percentiles? GeneratorLag { get; init; }

    public required long Lost { get; init; }

    public required long Duplicated { get; init; }

    /// <summary>Deliveries of a message of another room, or of an unknown one.</summary>
    public required long Misdelivered { get; init; }

    public required long Disconnected { get; init; }

    /// <summary>Acknowledged messages whose <c>topic</c> event had not come when the run was over.</summary>
    public required long? TopicsOutstanding { get; init; }

    public required double? ServerCpuSecondsPerMillionDeliveries { get; init; }

    public required double? ServerCores { get; init; }

    public required double ClientCores { get; init; }

    public required double? ServerRssMb { get; init; }

    public required double? ServerPeakRssMb { get; init; }

    public bool Correct => Failed + Lost + Duplicated + Misdelivered + Disconnected == 0;

    public IEnumerable<(string Name, double? Value)> Metrics()
    {
        yield return ("deliveries/s", DeliveriesPerSecond);
        foreach (var (name, latency) in new[] { ("received", Received), ("acknowledged", Acknowledged), ("topic", Topic), ("generator lag", GeneratorLag) })
        {
            yield return ($"{name} p50 ms", latency?.P50);
            yield return ($"{name} p95 ms", latency?.P95);
            yield return ($"{name} p99 ms", latency?.P99);
            yield return ($"{name} p99.9 ms", latency?.P999);
            yield return ($"{name} max ms", latency?.Max);
        }

        yield return ("server CPU s / million deliveries", ServerCpuSecondsPerMillionDeliveries);
        yield return ("server cores busy", ServerCores);
        yield return ("client cores busy", ClientCores);
        yield return ("server RSS MB", ServerRssMb);
        yield return ("server peak RSS MB", ServerPeakRssMb);
        yield return ("topics outstanding", TopicsOutstanding);
    }
}
