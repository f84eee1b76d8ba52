using System.Text.Json;
using AIChat.Api.Tests.Contract;
using AIChat.Tests;
using static AIChat.Api.Tests.Ears;

namespace AIChat.Api.Tests.EndToEnd;

/// <summary>Two servers on one MongoDB tell each other's listeners what happens, through a real Redis.</summary>
public sealed class BackplaneTests
{
    [FactWithRedis]
    public async Task Who_listens_at_one_server_hears_what_happens_at_the_other_once_and_in_order()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync();
        await using var servers = await StartAsync(redis, "heard");
        using var ann = await ApiClient.JoinAsync(servers.One.Address, "ann");
        using var bob = await ApiClient.JoinAsync(servers.Other.Address, "bob");
        await using var near = await ann.ConnectAsync();
        await using var json = await bob.ConnectAsync();
        await using var packed = await bob.ConnectAsync(messagePack: true);
        var (here, there, alsoThere) = (Listen(near), Listen(json), Listen(packed));
        var room = await ann.OpenRoomAsync("heard 👂");
        await NextAsync<Room>(there, "newRoom", told => told.ChannelId == room);
        foreach (var ears in new[] { near, json, packed })
            await ears.AskAsync<Position>("join", room);

        const int lines = 40;
        for (var i = 1; i <= lines; i++)
            await ann.PostAsync(room, $"점심 뭐 먹지 🍜 <{i}>");
        string? last = null;
        for (var i = 1; i <= lines; i++)
        {
            var told = await NextAsync(here, "chat");
            last = told.As<Message>().Id;
            Assert.Equal(i, told.As<Message>().Seq);
            Assert.Equal(told, await NextAsync(there, "chat"));
            Assert.True(JsonElement.DeepEquals(told.As<JsonElement>(), (await NextAsync(alsoThere, "chat")).As<JsonElement>()));
        }

        await NextAsync<Filed>(there, "topic", told => told.MessageId == last);
        await NextAsync<Filed>(alsoThere, "topic", told => told.MessageId == last);
        await ann.SendAsync(HttpMethod.Patch, $"chat/{room}/messages/{last}", new { content = "mended" });
        Assert.Equal("mended", (await NextAsync<Message>(there, "chatUpdated")).Content);
        Assert.Equal("mended", (await NextAsync<Message>(here, "chatUpdated")).Content);

        // Nobody heard anything twice: what comes next is what is said next.
        var next = (await bob.PostAsync(room, "from the other side")).Id;
        foreach (var heard in new[] { here, there, alsoThere })
            Assert.Equal(next, (await NextAsync<Message>(heard, "chat")).Id);
    }

    [FactWithRedis]
    public async Task Logging_out_at_one_server_ends_the_sessions_connections_at_the_other()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync();
        await using var servers = await StartAsync(redis, "left");
        using var ann = await ApiClient.JoinAsync(servers.One.Address, "ann");
        using var there = ann.At(servers.Other.Address);
        await using var ears = await there.ConnectAsync();
        var closed = new TaskCompletionSource();
        ears.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };

        await ann.SendAsync(HttpMethod.Post, "user/logout");

        await closed.Task.WaitAsync(Eventually.Timeout);
    }

    [FactWithRedis]
    public async Task While_Redis_is_away_each_server_goes_on_by_itself_and_afterwards_they_hear_each_other_again()
    {
        await using var redis = new RedisServer();
        await using var servers = await StartAsync(redis, "away");
        using var ann = await ApiClient.JoinAsync(servers.One.Address, "ann");
        using var bob = await ApiClient.JoinAsync(servers.Other.Address, "bob");
        await using var near = await ann.ConnectAsync();
        await using var far = await bob.ConnectAsync();
        var (here, there) = (Listen(near), Listen(far));
        var room = await ann.OpenRoomAsync("away");
        await near.AskAsync<Position>("join", room);
        await far.AskAsync<Position>("join", room);
        var unheard = (await ann.PostAsync(room, "before Redis came")).Id;
        Assert.Equal(unheard, (await NextAsync<Message>(here, "chat")).Id);

        await redis.StartAsync();
        await HeardAgainAsync();

        await redis.KillAsync();
        for (var i = 0; i < 20; i++)
        {
            await ann.PostAsync(room, $"alone {i}");
            await NextAsync<Message>(here, "chat", told => told.Content == $"alone {i}");
        }
        await redis.StartAsync();
        await HeardAgainAsync();

        // Both servers' clients find all of it, told or not.
        Assert.Equal((await ann.AllMessagesAsync(room)).Count, (await bob.AllMessagesAsync(room)).Count);

        async Task HeardAgainAsync()
        {
            var mark = "mark " + TimeProvider.System.GetTimestamp();
            var heard = false;
            await Eventually.TrueAsync(
                async () =>
                {
                    await ann.PostAsync(room, mark);
                    while (!heard && there.Reader.TryRead(out var told))
                        heard = told.Name == "chat" && told.Body.As<Message>().Content == mark;
                    return heard;
                },
                "the other server's listener to hear");
            await NextAsync<Message>(here, "chat", told => told.Content == mark);
        }
    }

    [Theory]
    [InlineData("http://example.org")]
    [InlineData("redis://")]
    [InlineData("redis://user:geheim@:port")]
    public async Task A_wrong_address_stops_the_start_with_one_sentence(string address)
    {
        var folder = Directory.CreateTempSubdirectory("aichat-test-").FullName;
        var (code, output, error) = await ServerProcess.RunAsync(folder, [("REDIS_URL", address), ("AICHAT_DATA", folder)]);
        Directory.Delete(folder, recursive: true);
        Assert.NotEqual(0, code);
        Assert.Contains("REDIS_URL is not an address", output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
    }

    private static async Task<Pair> StartAsync(RedisServer redis, string name)
    {
        (string, string)[] shared =
        [
            ("MONGODB_URI", $"{await MongoServer.AddressAsync()}/aichat-backplane-{name}-{Environment.ProcessId}"), ("COOKIE_SECRET", "a secret that both know"), ("SEND_RATE", "100000"), ("REDIS_URL", redis.Address),
        ];
        var one = new ServerProcess(null, shared);
        var other = new ServerProcess(null, shared);
        await one.StartAsync();
        await other.StartAsync();
        return new Pair(one, other);
    }

    private sealed record Pair(ServerProcess One, ServerProcess Other) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await One.DisposeAsync();
            await Other.DisposeAsync();
        }
    }
}
