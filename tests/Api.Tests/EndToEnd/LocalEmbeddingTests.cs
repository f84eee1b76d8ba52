using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AIChat.Api.Tests.Contract;
using AIChat.Tests;
using static AIChat.Api.Tests.EndToEnd.EmbeddedStore;

namespace AIChat.Api.Tests.EndToEnd;

/// <summary>EMBEDDING_MODEL: a model in the server's own process.</summary>
public sealed class LocalEmbeddingTests
{
    /// <summary>After so long, a prediction is made without a model that is still being loaded, and says so.</summary>
    private static readonly TimeSpan LoadTimeout = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_model_that_is_not_here_yet_is_fetched_while_the_server_serves()
    {
        await using var hub = await LocalHub.StartAsync(Model("bert-korean-bf16"));
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Fault = async context =>
        {
            if (context.Request.Path.StartsWithSegments("/content", StringComparison.Ordinal))
                await released.Task.WaitAsync(context.RequestAborted);
            return false;
        };
        await using var server = await new ServerProcess(null, Setting, ("EMBEDDING_MODEL", LocalHub.Repository), ("HF_ENDPOINT", hub.Address.ToString())).StartAsync();
        using var ann = await ApiClient.JoinAsync(server.Address, "ann");
        var room = await ann.OpenRoomAsync("meanwhile");
        for (var i = 0; i < 20; i++)
            await ann.PostAsync(room, $"said before the model came {i}");
        await ann.AllClassifiedAsync(room);
        var topics = await TopicsAsync(ann, room);
        Assert.Equal((HttpStatusCode.Conflict, "semantic_unavailable"), await RefusalAsync(ann, room));
        Assert.Contains(hub.Asked, one => one.Path.StartsWith("/content/", StringComparison.Ordinal));

        released.SetResult();
        await Eventually.SeenAsync(() => Count(server, "SELECT count(*) FROM vectors"), count => count == 20, "earlier messages to have their vectors");
        await ann.PostAsync(room, "said after it came");
        await ann.AllClassifiedAsync(room);
        Assert.Equal(21, Count(server, "SELECT count(*) FROM vectors WHERE length(Halves) = 64"));
        Assert.Equal([$"{LocalHub.Repository}@{LocalHub.Commit}/32"], Models(server));
        Assert.Equal("said after it came", (await FirstAsync(ann, room, "said after it came")).Content);
        Assert.Equal(topics, (await TopicsAsync(ann, room))[..20]);
        Assert.Equal(0, await server.TerminateAsync());
    }

    [Fact]
    public async Task The_first_prediction_after_the_start_has_the_model_and_says_so()
    {
        object[] chats = [new { id = "1", nickname = "ann", content = "점심 뭐 먹지?", createdAt = "2026-01-01T00:00:00Z" }, new { id = "2", nickname = "bob", content = "김치찌개", createdAt = "2026-01-01T00:00:30Z" }];
        await using var server = await new ServerProcess(null, Setting, ("EMBEDDING_MODEL", Model("bert-korean-bf16"))).StartAsync();
        using var ann = await ApiClient.JoinAsync(server.Address, "ann");
        var asked = Stopwatch.StartNew();
        var first = await EngineAsync();
        Assert.True(first == "ngrams+bert-korean-bf16" || asked.Elapsed >= LoadTimeout, $"{first} after {asked.Elapsed}");
        await Eventually.SeenAsync(EngineAsync, engine => engine == "ngrams+bert-korean-bf16", "the model to be loaded");

        await using var without = await new ServerProcess(null, Setting).StartAsync();
        using var bob = await ApiClient.JoinAsync(without.Address, "bob");
        Assert.Equal("ngrams", (await bob.DoneAsync<Prediction>(HttpMethod.Post, "predict", new { channelId = "first", chats })).Engine);
        object[] sensed = [new { id = "1", nickname = "ann", content = "점심 뭐 먹지?", createdAt = "2026-01-01T00:00:00Z", sense = Convert.ToBase64String([0, 0, 128, 63]) }];
        Assert.Equal("ngrams+sense", (await bob.DoneAsync<Prediction>(HttpMethod.Post, "predict", new { channelId = "first", chats = sensed })).Engine);

        async Task<string> EngineAsync() => (await ann.DoneAsync<Prediction>(HttpMethod.Post, "predict", new { channelId = "first", chats })).Engine;
    }

    [Fact]
    public async Task Nothing_is_fetched_or_loaded_where_that_is_switched_off()
    {
        await using var hub = await LocalHub.StartAsync(Model("bert-korean-bf16"));
        await using var server = await new ServerProcess(null, Setting, ("EMBEDDING_MODEL", LocalHub.Repository), ("HF_ENDPOINT", hub.Address.ToString()), ("SKIP_MODEL_LOADING", "true")).StartAsync();
        using var ann = await ApiClient.JoinAsync(server.Address, "ann");
        var room = await ann.OpenRoomAsync("off");
        await ann.PostAsync(room, "words");
        await ann.AllClassifiedAsync(room);
        Assert.Equal((HttpStatusCode.Conflict, "semantic_unavailable"), await RefusalAsync(ann, room));
        Assert.Empty(hub.Asked);
    }

    [Fact]
    public async Task Another_model_sees_all_of_a_room_while_it_is_used_and_goes_on_after_kill_9()
    {
        const int Lines = 1_600;
        var (data, first, second) = (Directory.CreateTempSubdirectory("aichat-test-").FullName, Model("xlm-roberta-sharded"), Model("roberta-korean-wordpiece"));
        string room, token, me;
        await using (var server = await new ServerProcess(data, Setting, ("EMBEDDING_MODEL", first)).StartAsync())
        {
            using var ann = await ApiClient.JoinAsync(server.Address, "ann");
            (room, token, me) = (await ann.OpenRoomAsync("switched"), ann.Token, ann.UserId);
            await ann.JobDoneAsync(await ann.ImportAsync(room, Transcript(Lines)));
            await Eventually.SeenAsync(() => Count(server, "SELECT count(*) FROM vectors"), count => count == Lines, "the first model to see every line");
            await Eventually.SeenAsync(() => Count(server, "SELECT count(*) FROM messages WHERE NOT Classified"), waiting => waiting == 0, "every line to be filed");
            Assert.Single(Models(server));
            await server.KillAsync();
        }

        await using (var switched = new ServerProcess(data, Setting, ("EMBEDDING_MODEL", second)))
            await SwitchAsync(switched, ApiClient.Of(switched.Address, token, me), room, Lines);
        Directory.Delete(data, recursive: true);
    }

    private static string Model(string name, [CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "Infrastructure.Tests", "Topics", "Encoders", "models", name));

    /// <summary>Makes lines long, so that a model takes its time for a few of them.</summary>
    private static readonly string Rest = string.Concat(Enumerable.Repeat(" 그래서 오늘은 무엇을 먹을까요", 12));

    private static string Transcript(int lines) => string.Concat(Enumerable.Range(0, lines).Select(i => JsonSerializer.Serialize(new
    {
        nickname = "p" + (i % 13),
        content = string.Create(CultureInfo.InvariantCulture, $"line {i} 이야기 {i % 97}") + Rest,
        createdAt = $"2026-01-05T{i / 3600:00}:{i / 60 % 60:00}:{i % 60:00}Z",
    }) + "\n"));

    private static async Task SwitchAsync(ServerProcess server, ApiClient ann, string room, int lines)
    {
        await server.StartAsync();
        using (var enough = new CancellationTokenSource())
        {
            var use = UseAsync(ann, room, enough.Token);
            await Eventually.TrueAsync(() => Done(server) is > 0, "a part of the room to be seen");

            // At once: what is left takes no longer than some requests.
            await enough.CancelAsync();
            await server.KillAsync();
            try
            {
                await use;
            }
            catch (Exception cut) when (cut is HttpRequestException or IOException)
            {
                // The one that was under way.
            }
        }

        var before = Done(server)!.Value;
        Assert.InRange(before, 1, lines - 1);

        await server.StartAsync();
        Assert.True(await UseUntilAsync(ann, room, SeenAll, "the second model to have seen everything") > 0);
        await ann.AllClassifiedAsync(room);

        // On a busy machine a message is classified before its embedding is there; re-classification makes it.
        await ann.LookAgainAsync(room);
        Assert.Equal(Count(server, "SELECT count(*) FROM messages"), Count(server, "SELECT count(*) FROM vectors"));
        Assert.Equal(1, Count(server, "SELECT count(DISTINCT Input) FROM jobs WHERE Kind = 2 AND Input LIKE 'roberta-korean-wordpiece@%'"));
        ann.Dispose();

        bool SeenAll()
        {
            Assert.True(Done(server) is not { } done || done >= before, "it began again");
            return Models(server) is [var only] && only.StartsWith("roberta-korean-wordpiece@", StringComparison.Ordinal);
        }
    }

    private static async Task<int> UseUntilAsync(ApiClient who, string room, Func<bool> holds, string what)
    {
        using var enough = new CancellationTokenSource();
        var use = UseAsync(who, room, enough.Token);
        await Eventually.TrueAsync(() => holds(), what);
        await enough.CancelAsync();
        return await use;
    }

    /// <summary>Posts, pages and searches all the while; nothing of it may fail.</summary>
    /// <returns>How often.</returns>
    private static async Task<int> UseAsync(ApiClient who, string room, CancellationToken enough)
    {
        var times = 0;
        while (!enough.IsCancellationRequested)
        {
            var said = $"said meanwhile {times} {TimeProvider.System.GetTimestamp()}";
            await who.PostAsync(room, said);
            await who.GetAsync($"chat/{room}/messages?limit=20");
            var (status, found) = await who.SendAsync(HttpMethod.Get, $"chat/{room}/messages?q=line%2017&semantic=true&limit=5");
            Assert.True(status == HttpStatusCode.OK || found.Code == "semantic_unavailable", found.ToString());
            times++;
            await Task.Delay(400, CancellationToken.None);
        }

        return times;
    }

    private static async Task<Message> FirstAsync(ApiClient who, string room, string query)
        => (await who.ItemsAsync<Message>($"chat/{room}/messages?q={Uri.EscapeDataString(query)}&semantic=true&limit=3"))[0];

    private static async Task<(HttpStatusCode Status, string? Code)> RefusalAsync(ApiClient who, string room)
    {
        var (status, body) = await who.SendAsync(HttpMethod.Get, $"chat/{room}/messages?q=words&semantic=true");
        return (status, body.Code);
    }

    private static async Task<List<string?>> TopicsAsync(ApiClient who, string room) => [.. (await who.AllMessagesAsync(room)).Select(message => message.TopicId)];

    private static List<string> Models(ServerProcess server) => [.. Ask(server, "SELECT DISTINCT Model FROM vectors", row => row.GetString(0))];

    /// <summary>How far the second model's look at the room is; null: not begun, or at its end.</summary>
    private static long? Done(ServerProcess server) => Ask(server, "SELECT Done FROM jobs WHERE Kind = 2 AND State < 2 AND Input LIKE 'roberta%'", row => (long?)row.GetInt64(0)).SingleOrDefault();
}
