using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using AIChat.Benchmarks.Common;
using AIChat.Benchmarks.Import;

namespace AIChat.Benchmarks.History;

/// <summary><c>history</c>: whether a page deep in a large room costs more than its first page.</summary>
internal static class HistoryCommand
{
    const int PageLength = 50;
    const double MostRatio = 1.5;

    public static Command Create()
    {
        var server = Commands.Server();
        var environment = Commands.Environment();
        var json = Commands.Json();
        var messages = Commands.Count("--messages", 1_000_000, 10_000_000, "Messages in the room, by import: a million may take ten minutes");
        var rounds = Commands.Count("--rounds", 200, 10_000, "Rounds, each reading every page once");
        var settle = Commands.Count("--settle", 600, 36_000, "Seconds at most to wait for the classification, which would disturb the timing");
        var minutes = Commands.Count("--minutes", 60, 600, "Minutes that the import may take");
        var command = new Command("history", $"Times pages of a large room at several depths; fails where one takes over {MostRatio} times the first.")
        {
            server, messages, rounds, settle, minutes, environment, json,
        };
        command.Does(async (parsed, cancellation) =>
        {
            var count = parsed.GetValue(messages);
            if (count < 20 * PageLength)
                throw new BenchmarkException($"--messages must be at least {20 * PageLength}, or the depths overlap.");
            var variables = Commands.Variables(parsed.GetValue(environment));
            await using var started = await ServerProcess.StartAsync(parsed.GetValue(server), variables, cancellation);
            using var room = await FillAsync(started.Url, count, TimeSpan.FromMinutes(parsed.GetValue(minutes)), cancellation);
            var settled = await room.WaitUntilClassifiedAsync(TimeSpan.FromSeconds(parsed.GetValue(settle)), cancellation) is not null;
            Report.Say(settled ? "classified" : "still classifying: the timings hold that work too");

            var depths = Depths(count);
            await CheckAsync(room, depths, cancellation);
            await TimeAsync(room, depths, Math.Max(1, parsed.GetValue(rounds)), cancellation);
            var results = depths.Select(depth => depth.Result(depths.First(other => other.Direction == depth.Direction))).ToList();
            Report.Table("pages", ["", "median ms", "p99 ms", "ratio to first"],
                results.Select(result => new[] { result.Page, Report.Number(result.MedianMs), Report.Number(result.P99Ms), Report.Number(result.Ratio) }));
            var options = new { messages = count, environment = variables };
            await Report.SaveAsync(parsed.GetValue(json), "history", options, new { settled, pages = results }, cancellation);
            return results.TrueForAll(result => result.Ratio <= MostRatio) ? 0 : 1;
        });
        return command;
    }

    static async Task<ImportedRoom> FillAsync(Uri server, int count, TimeSpan limit, CancellationToken cancellation)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(limit);
        try
        {
            var room = await ImportedRoom.FillAsync(server, count, seed: 1, bounded.Token);
            Report.Say($"stored {count} messages after {Report.Number(room.StoredAfter.TotalSeconds)} s");
            return room;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new BenchmarkException($"{count} messages were not stored within {limit.TotalMinutes} minutes.");
        }
    }

    /// <summary>The first page of each direction is where its reader begins: the newest for <c>before</c>, the oldest for <c>after</c>.</summary>
    static List<Depth> Depths(int count)
    {
        var depths = new List<Depth> { new("before", "first page (newest)", "", count - PageLength + 1) };
        foreach (var share in new[] { 10, 50, 90 })
            depths.Add(Before($"{share} % back", count - (int)((long)count * share / 100)));
        depths.Add(Before("the very first messages", PageLength + 1));
        depths.Add(After("first page (oldest)", 0));
        foreach (var share in new[] { 10, 50, 90 })
            depths.Add(After($"{share} % on", (int)((long)count * share / 100)));
        depths.Add(After("the newest messages", count - PageLength));
        return depths;

        static Depth Before(string name, int seq) =>
            new("before", name, string.Create(CultureInfo.InvariantCulture, $"before={seq}&"), seq - PageLength);

        static Depth After(string name, int seq) => new("after", name, string.Create(CultureInfo.InvariantCulture, $"after={seq}&"), seq + 1);
    }

    /// <summary>A fast answer with the wrong messages is worth nothing.</summary>
    static async Task CheckAsync(ImportedRoom room, List<Depth> depths, CancellationToken cancellation)
    {
        foreach (var depth in depths)
        {
            var seqs = (await room.Api.MessagesAsync(room.Owner, room.Room, depth.Query, cancellation)).Select(message => message.Seq).Order();
            if (!seqs.SequenceEqual(Enumerable.Range(depth.FirstSeq, PageLength).Select(seq => (long)seq)))
                throw new BenchmarkException($"messages?{depth.Query} does not hold the {PageLength} messages from number {depth.FirstSeq}.");
        }
    }

    /// <summary>Round after round, each in another order, so that a disturbance meets all depths alike. The first tenth only warms up.</summary>
    static async Task TimeAsync(ImportedRoom room, List<Depth> depths, int rounds, CancellationToken cancellation)
    {
        var random = new Random(1);
        var order = depths.ToArray();
        for (var round = -Math.Max(5, rounds / 10); round < rounds; round++)
        {
            random.Shuffle(order);
            foreach (var depth in order)
            {
                var began = Stopwatch.GetTimestamp();
                await room.Api.PageSizeAsync(room.Owner, room.Room, depth.Query, cancellation);
                if (round >= 0)
                    depth.Times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }
    }

    sealed record Depth(string Direction, string Name, string Position, int FirstSeq)
    {
        public List<double> Times { get; } = [];

        public string Query => $"{Position}limit={PageLength}";

        double Median => Report.Median(Times.Select(time => (double?)time))!.Value;

        public PageResult Result(Depth first) =>
            new($"{Direction}: {Name}", Median, Times.Order().ElementAt((int)(Times.Count * 0.99)), Median / first.Median);
    }

    sealed record PageResult(string Page, double MedianMs, double P99Ms, double Ratio);
}
