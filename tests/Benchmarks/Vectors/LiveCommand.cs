using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Channels;
using AIChat.Benchmarks.Common;
using AIChat.Benchmarks.Import;
using Microsoft.AspNetCore.SignalR.Client;

namespace AIChat.Benchmarks.Vectors;

/// <summary><c>live</c>: what one message costs in a quiet room, from its sending to its <c>topic</c>.</summary>
internal static class LiveCommand
{
    const double MostCpuMs = 60;
    const double MostMs = 300;

    /// <summary>What is done after the topic is told belongs to the message too.</summary>
    static readonly TimeSpan Aftermath = TimeSpan.FromMilliseconds(150);

    public static Command Create()
    {
        var server = Commands.Server();
        var environment = Commands.Environment();
        var history = Commands.Count("--history", 2_000, 100_000, "Messages that are in the room before");
        var messages = Commands.Count("--messages", 200, 10_000, "Messages that are sent, one after the other");
        var json = Commands.Json();
        var command = new Command("live", $"One message at a time until its topic is told; fails above {MostCpuMs} ms of processor time or {MostMs} ms at the 95th percentile.") { server, environment, history, messages, json };
        command.Does(async (parsed, cancellation) =>
        {
            await using var started = await ServerProcess.StartAsync(parsed.GetValue(server), Commands.Variables(parsed.GetValue(environment)), cancellation);
            using var room = await ImportedRoom.FillAsync(started.Url, parsed.GetValue(history), seed: 1, cancellation);
            await room.WaitUntilClassifiedAsync(TimeSpan.FromMinutes(10), cancellation);

            // The model sees the imported lines, and the runtime compiles what is called often.
            await QuietAsync(started.Pid, cancellation);
            var (time, cpu) = await SendAsync(started, room, parsed.GetValue(messages), cancellation);
            Report.Table("a message, ms", ["", "p50", "p95", "max"], [Row("until its topic", time), Row("processor time", cpu)]);
            await Report.SaveAsync(parsed.GetValue(json), "live", new { history = parsed.GetValue(history), messages = parsed.GetValue(messages) }, new { time, cpu }, cancellation);
            return At(time, 0.95) <= MostMs && At(cpu, 0.95) <= MostCpuMs ? 0 : 1;
        });
        return command;
    }

    static string[] Row(string name, List<double> all) => [name, Report.Number(At(all, 0.5)), Report.Number(At(all, 0.95)), Report.Number(At(all, 1))];

    static double At(List<double> all, double share) => all.Order().ElementAt(Math.Min(all.Count - 1, (int)(all.Count * share)));

    static async Task QuietAsync(int pid, CancellationToken cancellation)
    {
        for (var quiet = 0; quiet < 5;)
        {
            var before = CpuMs(pid);
            await Task.Delay(1_000, cancellation);
            quiet = CpuMs(pid) - before < 100 ? quiet + 1 : 0;
        }
    }

    static async Task<(List<double> Time, List<double> Cpu)> SendAsync(ServerProcess server, ImportedRoom room, int count, CancellationToken cancellation)
    {
        var file = Path.GetTempFileName();
        await Transcript.WriteAsync(file, count, seed: 2, cancellation);
        var texts = (await File.ReadAllLinesAsync(file, cancellation)).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("content").GetString()!).ToList();
        File.Delete(file);
        using var http = new HttpClient { BaseAddress = server.Url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", room.Owner.Token);
        var told = Channel.CreateUnbounded<string>();
        await using var hub = new HubConnectionBuilder().WithUrl(new Uri(server.Url, "hub/chat"), options => options.AccessTokenProvider = () => Task.FromResult<string?>(room.Owner.Token)).Build();
        hub.On<JsonElement>("topic", filed => told.Writer.TryWrite(filed.GetProperty("messageId").GetString()!));
        await hub.StartAsync(cancellation);
        await hub.InvokeAsync<JsonElement>("join", room.Room, cancellation);

        List<double> time = [], cpu = [];
        var warmup = Math.Max(5, count / 10);
        for (var sent = -warmup; sent < count; sent++)
        {
            var (began, before) = (Stopwatch.GetTimestamp(), CpuMs(server.Pid));
            using var answer = await http.PostAsJsonAsync($"chat/{room.Room}", new { content = texts[(sent + warmup) % count] }, cancellation);
            answer.EnsureSuccessStatusCode();
            var id = (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation)).GetProperty("id").GetString();
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(TimeSpan.FromSeconds(30));
            while (await told.Reader.ReadAsync(patience.Token) != id)
            {
                // An earlier one's.
            }

            var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            await Task.Delay(Aftermath, cancellation);
            if (sent < 0)
                continue;
            time.Add(took);
            cpu.Add(CpuMs(server.Pid) - before);
        }

        return (time, cpu);
    }

    /// <summary>Processor time of all threads that live, to the nanosecond, where the kernel keeps it.</summary>
    static double CpuMs(int pid)
    {
        const double nanosecondsPerMs = 1e6;
        var sum = 0d;
        foreach (var thread in Directory.EnumerateDirectories($"/proc/{pid}/task"))
        {
            try
            {
                sum += double.Parse(File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                // It has ended.
            }
        }

        return sum / nanosecondsPerMs;
    }
}
