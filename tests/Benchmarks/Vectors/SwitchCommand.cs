using System.CommandLine;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using AIChat.Benchmarks.Common;
using AIChat.Benchmarks.Import;

namespace AIChat.Benchmarks.Vectors;

/// <summary><c>switch</c>: another sentence encoder over a large room that is used meanwhile, killed half-way.</summary>
internal static class SwitchCommand
{
    public static Command Create()
    {
        var server = Commands.Server();
        var environment = Commands.Environment();
        var messages = Commands.Count("--messages", 100_000, 1_000_000, "Messages in the room");
        var minutes = Commands.Count("--minutes", 60, 600, "Minutes that each part may take");
        var from = new Option<DirectoryInfo>("--from") { Description = "The first model's folder", Required = true };
        var to = new Option<DirectoryInfo>("--to") { Description = "The second one's", Required = true };
        var json = Commands.Json();
        var command = new Command("switch", "A new sentence encoder sees a room while it is used, and is killed half-way; fails where a request fails or the work begins again.") { server, environment, messages, minutes, from, to, json };
        command.Does(async (parsed, cancellation) =>
        {
            var data = Directory.CreateTempSubdirectory("aichat-bench-data-");
            try
            {
                var run = new Run(parsed.GetValue(server), Commands.Variables(parsed.GetValue(environment)), data.FullName, parsed.GetValue(messages), TimeSpan.FromMinutes(parsed.GetValue(minutes)));
                var result = await run.MeasureAsync(parsed.GetValue(from)!.FullName, parsed.GetValue(to)!.FullName, cancellation);
                Report.Table(
                    $"{parsed.GetValue(messages)} messages",
                    ["first model, s", "second model, s (the restart included)", "killed at", "went on at", "requests", "failed", "post p50 / p95 / max, ms", "page p95, ms", "search p95, ms"],
                    [[
                        Report.Number(result.FirstSeconds), Report.Number(result.SecondSeconds), Report.Number(result.KilledAt), Report.Number(result.WentOnAt), Report.Number(result.Requests), Report.Number(result.Failed),
                        $"{Report.Number(result.PostMs.At(0.5))} / {Report.Number(result.PostMs.At(0.95))} / {Report.Number(result.PostMs.At(1))}", Report.Number(result.PageMs.At(0.95)), Report.Number(result.SearchMs.At(0.95)),
                    ]]);
                await Report.SaveAsync(parsed.GetValue(json), "switch", new { messages = parsed.GetValue(messages) }, result, cancellation);
                return result.Failed == 0 && result.WentOnAt >= result.KilledAt ? 0 : 1;
            }
            finally
            {
                data.Delete(recursive: true);
            }
        });
        return command;
    }

    sealed record Result(double FirstSeconds, double SecondSeconds, double KilledAt, double WentOnAt, double Requests, double Failed, Times PostMs, Times PageMs, Times SearchMs);

    sealed class Times
    {
        readonly List<double> _all = [];

        public IReadOnlyList<double> All => _all;

        public void Add(double ms) => _all.Add(ms);

        public double? At(double share) => _all.Count == 0 ? null : _all.Order().ElementAt(Math.Min(_all.Count - 1, (int)(_all.Count * share)));
    }

    sealed class Run(FileInfo? server, Dictionary<string, string> variables, string data, int messages, TimeSpan limit)
    {
        readonly VectorStore _store = new(data);
        readonly Times _posts = new(), _pages = new(), _searches = new();
        int _requests, _failed;

        public async Task<Result> MeasureAsync(string from, string to, CancellationToken cancellation)
        {
            ApiUser owner;
            string room;
            double first;
            await using (var process = await StartAsync(from, cancellation))
            {
                using var imported = await ImportedRoom.FillAsync(process.Url, messages, seed: 1, cancellation);
                (owner, room) = (imported.Owner, imported.Room);
                Report.Say($"stored after {Report.Number(imported.StoredAfter.TotalSeconds)} s");
                var began = Stopwatch.GetTimestamp();
                await _store.WaitAsync(store => store.Seen().Count == 1 && store.Models().Values.Sum() == messages, limit, "Every message's vector", cancellation);
                first = Stopwatch.GetElapsedTime(began).TotalSeconds;
                Report.Say($"the first model had seen all {Report.Number(first)} s later");
                await imported.WaitUntilClassifiedAsync(limit, cancellation);
            }

            var former = _store.Models().Keys.Single();
            var started = Stopwatch.GetTimestamp();
            await using (var process = await StartAsync(to, cancellation))
                await UseWhileAsync(process, owner, room, store => store.Done() >= messages / 2, cancellation);
            var killedAt = _store.Done() ?? throw new BenchmarkException("It was at its end before it could be killed: take more messages.");
            Report.Say($"killed at {killedAt}");
            double wentOn = double.MaxValue;
            await using (var process = await StartAsync(to, cancellation))
            {
                await UseWhileAsync(
                    process,
                    owner,
                    room,
                    store =>
                    {
                        wentOn = Math.Min(wentOn, store.Done() ?? double.MaxValue);
                        return store.Models() is { Count: 1 } only && !only.ContainsKey(former);
                    },
                    cancellation);
            }

            return new Result(first, Stopwatch.GetElapsedTime(started).TotalSeconds, killedAt, wentOn, _requests, _failed, _posts, _pages, _searches);
        }

        Task<ServerProcess> StartAsync(string model, CancellationToken cancellation)
            => ServerProcess.StartAsync(server, new Dictionary<string, string>(variables) { ["AICHAT_DATA"] = data, ["EMBEDDING_MODEL"] = model }, cancellation);

        async Task UseWhileAsync(ServerProcess process, ApiUser who, string room, Func<VectorStore, bool> until, CancellationToken cancellation)
        {
            using var http = new HttpClient { BaseAddress = process.Url };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", who.Token);
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var use = UseAsync(http, room, enough.Token);
            await _store.WaitAsync(until, limit, "The second model's look at the room", cancellation);
            await enough.CancelAsync();
            await use;
        }

        async Task UseAsync(HttpClient http, string room, CancellationToken enough)
        {
            while (!enough.IsCancellationRequested)
            {
                await TimeAsync(_posts, () => http.PostAsJsonAsync($"chat/{room}", new { content = $"meanwhile {_requests}: what about the kernel driver?" }, CancellationToken.None));
                await TimeAsync(_pages, () => http.GetAsync(new Uri($"chat/{room}/messages?limit=50&before={_requests * 7919L % messages + 51}", UriKind.Relative), CancellationToken.None));
                await TimeAsync(_searches, () => http.GetAsync(new Uri($"chat/{room}/messages?q=slow%20server&semantic=true&limit=10", UriKind.Relative), CancellationToken.None));
                await Task.Delay(250, CancellationToken.None);
            }
        }

        async Task TimeAsync(Times times, Func<Task<HttpResponseMessage>> ask)
        {
            var began = Stopwatch.GetTimestamp();
            using var answer = await ask();
            var body = await answer.Content.ReadAsStringAsync();
            _requests++;

            // Until the model is loaded there is nothing to search with, and that is said.
            if (answer.IsSuccessStatusCode)
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            else if (!body.Contains("semantic_unavailable", StringComparison.Ordinal))
            {
                _failed++;
                Report.Say($"{(int)answer.StatusCode}: {body[..Math.Min(body.Length, 200)]}");
            }
        }
    }
}
