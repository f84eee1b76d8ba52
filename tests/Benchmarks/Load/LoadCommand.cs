using System.CommandLine;
using AIChat.Benchmarks.Common;

namespace AIChat.Benchmarks.Load;

/// <summary><c>load</c>: real clients, a fixed rate, latencies and losses; with <c>--bare</c> against the peer in turn.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var url = new Option<string?>("--url") { Description = "A server that runs already, on this machine" };
        url.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                if (!Uri.TryCreate(token.Value, UriKind.Absolute, out var given) || !given.IsLoopback || given.Scheme is not ("http" or "https"))
                    result.AddError("--url must be an http address of this machine.");
        });
        var pid = new Option<int?>("--pid") { Description = "With --url: the server's process, to measure its CPU and memory" };
        var server = Commands.Server();
        var rooms = Commands.Count("--rooms", 20, 10_000, "Rooms");
        var clients = Commands.Count("--clients", 10, 1000, "Connections in each room; all send and all receive");
        var rate = Commands.Count("--rate", 1000, 100_000, "Messages a second, over all rooms");
        var seconds = Commands.Count("--seconds", 30, 3600, "Measured seconds of a run");
        var warmup = Commands.Count("--warmup", 20, 600, "Seconds at the same rate before them: the runtime optimises for about 20 s");
        var runs = Commands.Count("--runs", 5, 100, "Runs; the medians are shown");
        var bare = new Option<bool>("--bare") { Description = "In turn with a bare SignalR server without storage, and as a ratio to it" };
        var environment = Commands.Environment();
        var json = Commands.Json();
        var protocol = new Option<string>("--protocol") { Description = "json or messagepack", DefaultValueFactory = _ => "json" };
        protocol.AcceptOnlyFromAmong("json", "messagepack");

        var command = new Command("load", "Send → received, acknowledged, classified: latency, throughput, CPU, memory, losses.")
        {
            url, pid, server, rooms, clients, rate, seconds, warmup, protocol, runs, bare, environment, json,
        };
        command.Does(async (parsed, cancellation) =>
        {
            var options = new LoadOptions(
                parsed.GetValue(rooms), parsed.GetValue(clients), parsed.GetValue(rate), parsed.GetValue(seconds), parsed.GetValue(warmup),
                parsed.GetValue(protocol)!, parsed.GetValue(runs));
            if (options.WhyNot() is { } refusal)
                throw new BenchmarkException(refusal);

            var variables = Commands.Variables(parsed.GetValue(environment));
            var targets = new List<LoadTarget>();
            await using var own = parsed.GetValue(url) is null ? await ServerProcess.StartAsync(parsed.GetValue(server), variables, cancellation) : null;
            await using var peer = parsed.GetValue(bare) ? await ServerProcess.StartBareAsync(parsed.GetValue(server), variables, cancellation) : null;
            var address = own?.Url ?? new Uri(parsed.GetValue(url)!.TrimEnd('/') + "/");
            var users = await SignUpAsync(address, options.Senders, cancellation);
            targets.Add(new LoadTarget("server", address, own?.Pid ?? parsed.GetValue(pid), users, TellsTopics: true));
            if (peer is not null)
            {
                var peers = await SignUpAsync(peer.Url, options.Senders, cancellation);
                targets.Add(new LoadTarget("bare", peer.Url, peer.Pid, peers, TellsTopics: false));
            }

            var results = await RunAllAsync(targets, options, cancellation);
            var medians = ShowMedians(targets, results);
            await Report.SaveAsync(parsed.GetValue(json), "load", new { load = options, environment = variables }, new { runs = results, medians }, cancellation);
            return results.TrueForAll(result => result.Correct) ? 0 : 1;
        });
        return command;
    }

    static async Task<List<LoadResult>> RunAllAsync(List<LoadTarget> targets, LoadOptions options, CancellationToken cancellation)
    {
        var results = new List<LoadResult>();
        for (var run = 1; run <= options.Runs; run++)
        {
            // Each goes first in every other run: the first finds the generator colder.
            foreach (var target in run % 2 == 1 ? targets : Enumerable.Reverse(targets))
            {
                await using var load = new LoadRun(target, options, run);
                var result = await load.RunAsync(cancellation);
                results.Add(result);
                Report.Say(
                    $"run {run} {target.Name}: {Report.Number(result.DeliveriesPerSecond)} deliveries/s, received p50 {Report.Number(result.Received?.P50)} "
                    + $"p99 {Report.Number(result.Received?.P99)} ms, lost {result.Lost}, duplicated {result.Duplicated}, misdelivered {result.Misdelivered}, "
                    + $"failed {result.Failed}, disconnected {result.Disconnected}{(result.FirstFailure is { } why ? $" ({why})" : "")}");
            }
        }

        return results;
    }

    static Dictionary<string, Dictionary<string, double?>> ShowMedians(List<LoadTarget> targets, List<LoadResult> results)
    {
        var medians = targets.ToDictionary(
            target => target.Name,
            target => results.Where(result => result.Target == target.Name).SelectMany(result => result.Metrics())
                .GroupBy(metric => metric.Name).ToDictionary(group => group.Key, group => Report.Median(group.Select(metric => metric.Value))));
        var peer = medians.GetValueOrDefault("bare");
        var rows = medians["server"].Where(metric => metric.Value is not null).Select(metric =>
        {
            var (name, value) = metric;
            var other = peer?[name];
            return peer is null
                ? new[] { name, Report.Number(value) }
                : [name, Report.Number(value), Report.Number(other), Report.Number(other > 0 ? value / other : null)];
        });
        Report.Table("medians", targets.Count == 2 ? ["", "server", "bare", "ratio"] : ["", "server"], rows);
        return medians;
    }

    static async Task<IReadOnlyList<ApiUser>> SignUpAsync(Uri url, int count, CancellationToken cancellation)
    {
        using var api = new ApiClient(url);
        var users = new ApiUser[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellation },
            async (i, stop) => users[i] = await api.SignUpAsync($"bench-{i:000}", stop));
        return users;
    }
}
