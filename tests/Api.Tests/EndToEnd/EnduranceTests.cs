using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using AIChat.Api.Tests.Contract;
using AIChat.Tests;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Data.Sqlite;

namespace AIChat.Api.Tests.EndToEnd;

/// <summary>
/// Killed again and again, whatever it is doing. <c>AICHAT_ROUNDS</c> says how often (2 where it is not set; <c>.ci/long</c> sets more) and <c>AICHAT_SEED</c> when.
/// </summary>
public sealed class EnduranceTests
{
    private const int ImportedLines = 2_500;

    private static int Rounds => int.Parse(Environment.GetEnvironmentVariable("AICHAT_ROUNDS") ?? "2", CultureInfo.InvariantCulture);

    private static int Seed => int.Parse(Environment.GetEnvironmentVariable("AICHAT_SEED") ?? "1", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Killed_at_random_moments_it_keeps_every_acknowledged_message_once()
    {
        await using var server = await new ServerProcess(null, ("SEND_RATE", "100000")).StartAsync();
        await EndureAsync([server], senders: 4);

        Assert.Equal(0, await server.TerminateAsync());
        if (Environment.GetEnvironmentVariable("MONGODB_URI") is null or "")
            Assert.Equal("ok", CheckFile(Path.Combine(server.Data, "aichat.db")));
    }

    [FactOnLinux]
    public async Task Two_servers_on_one_MongoDB_each_killed_at_random_moments_keep_every_acknowledged_message_once()
    {
        (string, string)[] shared =
        [
            ("MONGODB_URI", $"{await MongoServer.AddressAsync()}/aichat-endurance-{Environment.ProcessId}"), ("COOKIE_SECRET", "a secret that both know"), ("SEND_RATE", "100000"),
        ];
        await using var one = await new ServerProcess(null, shared).StartAsync();
        await using var other = await new ServerProcess(null, shared).StartAsync();
        await EndureAsync([one, other], senders: 8);

        Assert.Equal(0, await one.TerminateAsync());
        Assert.Equal(0, await other.TerminateAsync());
    }

    private static async Task EndureAsync(ServerProcess[] servers, int senders)
    {
        var random = new Random(Seed);
        using var owner = await ApiClient.JoinAsync(servers[0].Address, "owner");
        var room = await owner.OpenRoomAsync("endurance");
        var archive = await owner.OpenRoomAsync("archive");
        var acknowledged = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        using var enough = new CancellationTokenSource();
        var clients = new List<ApiClient>();
        for (var i = 0; i < senders; i++)
            clients.Add(await ApiClient.JoinAsync(servers[i / 2 % servers.Length].Address, $"person{i}"));
        var sending = clients.Select((client, i) => i % 2 == 0 ? SendOverRestAsync(client, room, i, acknowledged, enough.Token) : SendOverHubAsync(client, room, i, acknowledged, enough.Token)).ToList();

        var job = await owner.ImportAsync(archive, string.Concat(Enumerable.Range(0, ImportedLines).Select(i => JsonSerializer.Serialize(
            new { nickname = "p" + (i % 13), content = $"line {i} 이야기 {i % 97}", createdAt = $"2026-01-05T{i / 3600:00}:{i / 60 % 60:00}:{i % 60:00}Z" }) + "\n")));
        for (var round = 0; round < Rounds; round++)
        {
            var before = acknowledged.Count;
            await Eventually.SeenAsync(() => acknowledged.Count, count => count > before + 20, "messages to be acknowledged");
            await Task.Delay(random.Next(1500));
            var victim = servers[random.Next(servers.Length)];
            await victim.KillAsync();
            await victim.StartAsync();
        }

        await enough.CancelAsync();
        await Task.WhenAll(sending);
        var done = await owner.JobDoneAsync(job);

        var stored = await owner.AllMessagesAsync(room);
        Assert.Equal(Enumerable.Range(1, stored.Count).Select(seq => (long)seq), stored.Select(message => message.Seq));
        Assert.Equal(stored.Count, stored.Select(message => message.ClientMessageId).Distinct().Count());
        var ids = stored.ToDictionary(message => message.ClientMessageId!, message => message.Id);
        Assert.All(acknowledged, pair => Assert.Equal(pair.Value, ids[pair.Key]));
        Assert.Equal(("succeeded", 0L), (done.State, done.RejectedCount));
        Assert.Equal(Enumerable.Range(0, ImportedLines).Select(i => $"line {i} 이야기 {i % 97}"), (await owner.AllMessagesAsync(archive)).Select(message => message.Content));
        await owner.AllClassifiedAsync(room);
        await owner.AllClassifiedAsync(archive);
        clients.ForEach(client => client.Dispose());
    }

    // Each sender tries a message again, under the same id, until it is told that it is stored.
    private static async Task SendOverRestAsync(ApiClient client, string room, int person, ConcurrentDictionary<string, string> acknowledged, CancellationToken enough)
    {
        for (var i = 0; !enough.IsCancellationRequested;)
        {
            var id = $"{person}-{i}";
            try
            {
                var (status, message) = await client.SendAsync(HttpMethod.Post, "chat/" + room, new { content = "message " + id, clientMessageId = id });
                Assert.True(status is HttpStatusCode.Created or HttpStatusCode.OK, message.ToString());
                acknowledged[id] = message.As<Message>().Id;
                i++;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }

    private static async Task SendOverHubAsync(ApiClient client, string room, int person, ConcurrentDictionary<string, string> acknowledged, CancellationToken enough)
    {
        HubConnection? hub = null;
        for (var i = 0; !enough.IsCancellationRequested;)
        {
            var id = $"{person}-{i}";
            try
            {
                if (hub is null)
                {
                    hub = await client.ConnectAsync();
                    await hub.AskAsync<Position>("join", room);
                }

                var message = await hub.AskAsync<Message>("message", new { channelId = room, content = "message " + id, clientMessageId = id });
                acknowledged[id] = message.Id;
                i++;
            }
            catch (Exception cut) when (cut is not HubException && cut is HttpRequestException or InvalidOperationException or OperationCanceledException or IOException or System.Net.WebSockets.WebSocketException)
            {
                if (hub is not null)
                    await hub.DisposeAsync();
                hub = null;
                await Task.Delay(50, CancellationToken.None);
            }
        }

        if (hub is not null)
            await hub.DisposeAsync();
    }

    private static string? CheckFile(string file)
    {
        using var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        database.Open();
        using var check = database.CreateCommand();
        check.CommandText = "PRAGMA integrity_check";
        return check.ExecuteScalar() as string;
    }
}

/// <summary>A test that needs a MongoDB, which can be brought up on Linux alone.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactOnLinuxAttribute : FactAttribute
{
    public static bool IsPossible => OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable("MONGODB_URI") is { Length: > 0 };

    public FactOnLinuxAttribute()
    {
        if (!IsPossible)
            Skip = "It needs a MongoDB: on Linux one is brought up, elsewhere set MONGODB_URI (mongodb://127.0.0.1:27017).";
    }
}
