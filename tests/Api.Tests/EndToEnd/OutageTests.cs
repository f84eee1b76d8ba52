using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AIChat.Api.Tests.Contract;
using AIChat.Tests;
using Microsoft.AspNetCore.SignalR;

namespace AIChat.Api.Tests.EndToEnd;

/// <summary>A MongoDB that goes away under the real process, while people talk and an import runs, and comes back.</summary>
public sealed class OutageTests
{
    private const int ImportedLines = 2_000;

    // operations.md promises 5 s, which timers keep on a busy machine too; the driver by itself would take 30 s, or for ever.
    private static readonly TimeSpan InTime = TimeSpan.FromSeconds(25);

    [FactOnLinux]
    public Task A_MongoDB_that_is_gone_is_told_in_time_and_when_it_is_back_everything_goes_on() => OutlastAsync(
        "gone",
        (proxy, away) =>
        {
            proxy.IsAway = away;
            proxy.Cut();
        });

    [FactOnLinux]
    public Task A_MongoDB_that_falls_silent_is_told_in_time_and_when_it_is_back_everything_goes_on() => OutlastAsync("silent", (proxy, away) => proxy.IsSilent = away);

    private static async Task OutlastAsync(string name, Action<CuttingProxy, bool> setAway)
    {
        await using var proxy = new CuttingProxy(await MongoServer.AddressAsync());
        var address = proxy.Address;
        address.DatabaseName = $"aichat-outage-{name}-{Environment.ProcessId}";
        await using var server = await new ServerProcess(null, ("MONGODB_URI", address.ToString()), ("SEND_RATE", "100000")).StartAsync();
        using var ann = await ApiClient.JoinAsync(server.Address, "ann");
        using var bob = await ApiClient.JoinAsync(server.Address, "bob");
        var room = await ann.OpenRoomAsync("talk");
        var archive = await ann.OpenRoomAsync("archive");
        await using var hub = await bob.ConnectAsync();
        await hub.AskAsync<Position>("join", room);
        var acknowledged = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        using var enough = new CancellationTokenSource();
        var talking = TalkAsync(ann, room, acknowledged, enough.Token);
        var job = await ann.ImportAsync(archive, string.Concat(Enumerable.Range(0, ImportedLines).Select(i => JsonSerializer.Serialize(
            new { nickname = "p" + (i % 13), content = $"line {i} 이야기 {i % 97}", createdAt = $"2026-01-05T{i / 3600:00}:{i / 60 % 60:00}:{i % 60:00}Z" }) + "\n")));
        await Eventually.SeenAsync(async () => (Said: acknowledged.Count, Read: (await ann.GetAsync<Job>("jobs/" + job)).Done), seen => seen is { Said: > 20, Read: > 0 }, "talk and an import to be under way");

        setAway(proxy, true);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => RefusedAsync(HttpMethod.Post, "chat/" + room, new { content = "refused", clientMessageId = $"refused-{i}" }))
            .Append(RefusedAsync(HttpMethod.Get, "health/ready")).Append(RefusedAsync(HttpMethod.Get, "chat")).Append(RefusedAsync(HttpMethod.Post, $"chat/{archive}/import?format=irc", "[10:00] <a> hi")));
        Assert.Contains("store_unavailable:", (await Assert.ThrowsAsync<HubException>(() => hub.AskAsync<Message>("message", new { channelId = room, content = "refused" }).WaitAsync(InTime))).Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await ann.SendAsync(HttpMethod.Get, "health/live")).Status);
        Assert.False(talking.IsCompleted);

        setAway(proxy, false);

        await Eventually.TrueAsync(async () => (await ann.Http.GetAsync(new Uri("health/ready", UriKind.Relative))).IsSuccessStatusCode, "the server to be ready again");
        var before = acknowledged.Count;
        await Eventually.SeenAsync(() => acknowledged.Count, count => count > before + 20, "talk to go on");
        acknowledged["hub"] = (await hub.AskAsync<Message>("message", new { channelId = room, content = "over the old connection", clientMessageId = "hub" })).Id;
        await enough.CancelAsync();
        await talking;
        Assert.Equal("succeeded", (await ann.JobDoneAsync(job)).State);
        await ann.AllClassifiedAsync(room);
        await ann.AllClassifiedAsync(archive);

        var stored = await ann.AllMessagesAsync(room);
        Assert.Equal(Enumerable.Range(1, stored.Count).Select(seq => (long)seq), stored.Select(message => message.Seq));
        var idOf = stored.Where(message => message.ClientMessageId is not null)
            .ToDictionary(message => message.ClientMessageId!, message => message.Id);
        Assert.All(acknowledged, pair => Assert.Equal(pair.Value, idOf[pair.Key]));
        Assert.Equal(Enumerable.Range(0, ImportedLines).Select(i => $"line {i} 이야기 {i % 97}"), (await ann.AllMessagesAsync(archive)).Select(message => message.Content));

        async Task RefusedAsync(HttpMethod method, string path, object? body = null)
        {
            var asked = Stopwatch.GetTimestamp();
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body is string text ? new StringContent(text) : body is null ? null : JsonContent.Create(body) };
            using var answer = await AnswerAsync(request);
            Assert.Equal((path, HttpStatusCode.ServiceUnavailable), (path, answer.StatusCode));
            Assert.True(Stopwatch.GetElapsedTime(asked) < InTime, $"{path} took {Stopwatch.GetElapsedTime(asked)}");
            Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero);
            Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            Assert.Equal("store_unavailable", new Answer(await answer.Content.ReadAsStringAsync()).Code);
        }

        // The failure names the request and shows the server's log: nothing else can be known of a hang afterwards.
        async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request)
        {
            try
            {
                return await ann.Http.SendAsync(request);
            }
            catch (TaskCanceledException hung)
            {
                throw new InvalidOperationException($"{request.Method} {request.RequestUri} had no answer. The server's log:\n{server.Log}", hung);
            }
        }
    }

    /// <summary>Says one thing after another, each again under its id until it is told that it is stored.</summary>
    private static async Task TalkAsync(ApiClient client, string room, ConcurrentDictionary<string, string> acknowledged, CancellationToken enough)
    {
        for (var i = 0; !enough.IsCancellationRequested;)
        {
            var id = $"said-{i}";
            var (status, message) = await client.SendAsync(HttpMethod.Post, "chat/" + room, new { content = "message " + id, clientMessageId = id });
            if (status == HttpStatusCode.ServiceUnavailable)
            {
                await Task.Delay(100, CancellationToken.None);
                continue;
            }

            Assert.True(status is HttpStatusCode.Created or HttpStatusCode.OK, message.ToString());
            acknowledged[id] = message.As<Message>().Id;
            i++;
        }
    }
}
