using System.CommandLine;
using System.Diagnostics;
using AIChat.Benchmarks.Common;

namespace AIChat.Benchmarks.Import;

/// <summary><c>import</c>: how fast a transcript is stored, and how fast it is classified.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var server = Commands.Server();
        var environment = Commands.Environment();
        var json = Commands.Json();
        var lines = Commands.Count("--lines", 100_000, 10_000_000, "Lines of the transcript");
        var seed = Commands.Count("--seed", 1, int.MaxValue, "Seed of the transcript");
        var minutes = Commands.Count("--minutes", 30, 600, "The most that storing and classifying may take, together");
        var command = new Command("import", "Imports a synthetic transcript: lines/s until stored and until classified, memory, CPU.")
        {
            server, lines, seed, minutes, environment, json,
        };
        command.Does(async (parsed, cancellation) =>
        {
            var variables = Commands.Variables(parsed.GetValue(environment));
            var count = Math.Max(1, parsed.GetValue(lines));
            var limit = TimeSpan.FromMinutes(parsed.GetValue(minutes));
            await using var started = await ServerProcess.StartAsync(parsed.GetValue(server), variables, cancellation);
            var (began, before) = (Stopwatch.GetTimestamp(), started.Stats());
            using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            bounded.CancelAfter(limit);
            ImportedRoom room;
            try
            {
                room = await ImportedRoom.FillAsync(started.Url, count, parsed.GetValue(seed), bounded.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new BenchmarkException($"{count} lines were not stored within {limit.TotalMinutes} minutes.");
            }

            using (room)
            {
                var stored = started.Stats();
                Report.Say($"stored {count} lines after {Report.Number(room.StoredAfter.TotalSeconds)} s");
                var waited = await room.WaitUntilClassifiedAsync(limit - Stopwatch.GetElapsedTime(began), cancellation)
                    ?? throw new BenchmarkException($"{count} lines were not classified within {limit.TotalMinutes} minutes.");
                var after = started.Stats();
                var classified = room.StoredAfter + waited;
                var result = new ImportResult(
                    count, room.StoredAfter.TotalSeconds, count / room.StoredAfter.TotalSeconds, classified.TotalSeconds, count / classified.TotalSeconds,
                    stored?.CpuSeconds - before?.CpuSeconds, after?.CpuSeconds - before?.CpuSeconds, after?.RssMb, after?.PeakRssMb);
                Report.Table("import", ["", "server"],
                [
                    ["stored, lines/s", Report.Number(result.StoredLinesPerSecond)],
                    ["classified, lines/s", Report.Number(result.ClassifiedLinesPerSecond)],
                    ["stored after s", Report.Number(result.StoredSeconds)],
                    ["classified after s", Report.Number(result.ClassifiedSeconds)],
                    ["server CPU s until stored", Report.Number(result.CpuSecondsUntilStored)],
                    ["server CPU s until classified", Report.Number(result.CpuSecondsUntilClassified)],
                    ["RSS MB", Report.Number(result.RssMb)],
                    ["peak RSS MB", Report.Number(result.PeakRssMb)],
                ]);
                await Report.SaveAsync(parsed.GetValue(json), "import", new { lines = count, environment = variables }, result, cancellation);
                return 0;
            }
        });
        return command;
    }

    sealed record ImportResult(
        int Lines,
        double StoredSeconds,
        double StoredLinesPerSecond,
        double ClassifiedSeconds,
        double ClassifiedLinesPerSecond,
        double? CpuSecondsUntilStored,
        double? CpuSecondsUntilClassified,
        double? RssMb,
        double? PeakRssMb);
}
