using System.CommandLine;
using AIChat.Benchmarks.Common;

namespace AIChat.Benchmarks.Start;

/// <summary><c>start</c>: how long an empty server takes until it is ready, and how much memory it holds when nothing happens.</summary>
internal static class StartCommand
{
    public static Command Create()
    {
        var server = Commands.Server();
        var environment = Commands.Environment();
        var json = Commands.Json();
        var runs = Commands.Count("--runs", 5, 100, "Starts, each with an empty data folder");
        var idle = Commands.Count("--idle", 5, 600, "Seconds from ready until memory is read");
        var command = new Command("start", "Time from process start to /health/ready, and idle memory.") { server, runs, idle, environment, json };
        command.Does(async (parsed, cancellation) =>
        {
            var variables = Commands.Variables(parsed.GetValue(environment));
            var results = new List<StartResult>();
            for (var run = 1; run <= Math.Max(1, parsed.GetValue(runs)); run++)
            {
                await using var started = await ServerProcess.StartAsync(parsed.GetValue(server), variables, cancellation);
                await Task.Delay(TimeSpan.FromSeconds(parsed.GetValue(idle)), cancellation);
                var stats = started.Stats();
                var result = new StartResult(started.ReadyAfter.TotalSeconds, stats?.RssMb, stats?.PeakRssMb, stats?.CpuSeconds);
                results.Add(result);
                Report.Say($"run {run}: ready after {Report.Number(result.ReadySeconds)} s, RSS {Report.Number(result.IdleRssMb)} MB");
            }

            var median = new StartResult(
                Report.Median(results.Select(result => result.ReadySeconds)),
                Report.Median(results.Select(result => result.IdleRssMb)),
                Report.Median(results.Select(result => result.PeakRssMb)),
                Report.Median(results.Select(result => result.CpuSeconds)));
            Report.Table("medians", ["", "server"],
            [
                ["ready after s", Report.Number(median.ReadySeconds)],
                ["idle RSS MB", Report.Number(median.IdleRssMb)],
                ["peak RSS MB", Report.Number(median.PeakRssMb)],
                ["CPU s", Report.Number(median.CpuSeconds)],
            ]);
            await Report.SaveAsync(parsed.GetValue(json), "start", new { environment = variables }, new { runs = results, median }, cancellation);
            return 0;
        });
        return command;
    }

    sealed record StartResult(double? ReadySeconds, double? IdleRssMb, double? PeakRssMb, double? CpuSeconds);
}
