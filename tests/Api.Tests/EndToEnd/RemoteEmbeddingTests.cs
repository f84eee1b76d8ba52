using System.Globalization;
using System.Net;
using System.Text.Json;
using AIChat.Api.Tests.Contract;
using AIChat.Tests;
using Microsoft.AspNetCore.Http;

namespace AIChat.Api.Tests.EndToEnd;

/// <summary>EMBEDDING_URL, with a server at the other end that can fail in every way.</summary>
public sealed class RemoteEmbeddingTests(RemoteEmbeddingTests.EmbeddingServer shared) : IClassFixture<RemoteEmbeddingTests.EmbeddingServer>, IDisposable
{
    private static readonly TimeSpan LongAway = TimeSpan.FromMinutes(2);

    private readonly ScriptedEmbeddings _embeddings = shared.Embeddings;
    private readonly ServerProcess _server = shared.Process;

    public void Dispose() => _embeddings.Fault = (_, _) => Task.FromResult(false);

    [Fact]
    public async Task Messages_are_found_by_what_they_mean_and_what_is_gone_is_not()
    {
        using var ann = await ApiClient.JoinAsync(_server.Address, "ann");
        var room = await ann.OpenRoomAsync("meaning");
        foreach (var text in (string[])["our puppy sleeps all day", "see you at eight", "강아지 산책 시켰어", "the railway is late again", "soup or stew tonight?", "a second puppy, and a third one"])
            await ann.PostAsync(room, text);
        await FindsAsync(ann, room, "dog", "our puppy sleeps all day", "강아지 산책 시켰어", "a second puppy, and a third one");
        await FindsAsync(ann, room, "찌개", "soup or stew tonight?");

        var all = await ann.AllMessagesAsync(room);
        await ann.SendAsync(HttpMethod.Delete, $"chat/{room}/messages/{all[0].Id}");
        await ann.SendAsync(HttpMethod.Patch, $"chat/{room}/messages/{all[2].Id}", new { content = "nothing of the kind" });
        await FindsAsync(ann, room, "dog", "a second puppy, and a third one");
        Assert.DoesNotContain(all[0].Id, (await SearchAsync(ann, room, "dog", 100)).Select(message => message.Id));
        Assert.Single(await SearchAsync(ann, room, "dog", 1));
        Assert.All(_embeddings.Requests, request => Assert.Equal(("Bearer a key", "scripted-1"), (request.Key, request.Model)));
    }

    [Fact]
    public async Task Searching_asks_who_one_is_and_what_the_search_is()
    {
        using var ann = await ApiClient.JoinAsync(_server.Address, "ann");
        var room = await ann.OpenRoomAsync("meaning");
        await ann.PostAsync(room, "our puppy sleeps");
        await FindsAsync(ann, room, "dog", "our puppy sleeps");
        using (var nobody = new HttpClient { BaseAddress = _server.Address })
        {
            using var answer = await nobody.GetAsync(new Uri($"chat/{room}/messages?q=dog&semantic=true", UriKind.Relative));
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        Assert.Equal((HttpStatusCode.NotFound, "room_not_found"), await RefusalAsync(ann, "no-such-room", "q=dog"));
        Assert.Equal((HttpStatusCode.BadRequest, "query_bad"), await RefusalAsync(ann, room, "limit=5"));
        Assert.Equal((HttpStatusCode.BadRequest, "query_bad"), await RefusalAsync(ann, room, "q=%20"));
        Assert.Equal((HttpStatusCode.BadRequest, "limit_out_of_range"), await RefusalAsync(ann, room, "q=dog&limit=1000"));
        Assert.Equal((HttpStatusCode.BadRequest, "semantic_whole_room"), await RefusalAsync(ann, room, "q=dog&before=4"));
    }

    [Fact]
    public async Task The_words_of_people_who_keep_theirs_are_never_sent()
    {
        await using var mine = await ScriptedEmbeddings.StartAsync();
        await using var own = await new ServerProcess(null, [.. SettingsOf(mine), EmbeddedStore.Setting]).StartAsync();
        using var ann = await ApiClient.JoinAsync(own.Address, "ann");
        using var bob = await ApiClient.JoinAsync(own.Address, "bob");
        await bob.SendAsync(HttpMethod.Patch, "user/me", new { excludeFromAi = true });
        var room = await ann.OpenRoomAsync("kept");
        for (var i = 0; i < 10; i++)
        {
            await ann.PostAsync(room, $"ann's puppy does trick {i}");
            await bob.PostAsync(room, $"bob's secret puppy {i}");
        }

        var edited = await bob.PostAsync(room, "bob's first secret");
        await bob.SendAsync(HttpMethod.Patch, $"chat/{room}/messages/{edited.Id}", new { content = "bob's changed secret" });
        await ann.AllClassifiedAsync(room);
        await Eventually.TrueAsync(() => mine.Texts.Count(text => text.StartsWith("ann's", StringComparison.Ordinal)) >= 10, "ann's messages to be sent");
        Assert.Equal((HttpStatusCode.Conflict, "semantic_kept"), await RefusalAsync(bob, room, "q=bob's%20secret%20puppy"));

        // Everything that could embed looks at the room: the job for all of it, the look at its newest messages, and the next message.
        await Eventually.TrueAsync(() => EmbeddedStore.EmbeddingJobs(own, "2") > 0, "the whole room to be seen");
        await ann.LookAgainAsync(room);
        await ann.PostAsync(room, "ann's last puppy");
        await Eventually.SeenAsync(async () => (await SearchAsync(ann, room, "dog", 100)).Count, count => count == 11, "all of ann's messages to be found");
        Assert.DoesNotContain(mine.Texts, text => text.Contains("bob", StringComparison.Ordinal));
        Assert.DoesNotContain(await SearchAsync(ann, room, "secret puppy", 100), message => message.Nickname == "bob");
    }

    [Theory]
    [InlineData("429")]
    [InlineData("slow")]
    [InlineData("garbage")]
    [InlineData("short")]
    [InlineData("cut")]
    public async Task A_server_that_fails_holds_no_message_up_and_what_was_missed_is_made_good(string fault)
    {
        using var ann = await ApiClient.JoinAsync(_server.Address, "ann");
        var room = await ann.OpenRoomAsync("failing");
        await ann.PostAsync(room, "the first puppy");
        await FindsAsync(ann, room, "dog", "the first puppy");

        _embeddings.Fault = (context, _) => FailAsync(context, fault);
        for (var i = 0; i < 5; i++)
            await ann.PostAsync(room, $"puppy number {i}");
        await ann.PostAsync(room, "기차가 늦네요");
        var started = TimeProvider.System.GetTimestamp();
        await ann.AllClassifiedAsync(room);

        // Waiting for it would take minutes: it is slow for so long, or asks to be left alone so long.
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, LongAway);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "semantic_away"), await RefusalAsync(ann, room, "q=dog"));

        _embeddings.Fault = (_, _) => Task.FromResult(false);
        Assert.Equal(HttpStatusCode.Accepted, (await ann.SendAsync(HttpMethod.Post, $"chat/{room}/reclassify")).Status);
        await FindsAsync(ann, room, "dog", ["the first puppy", .. Enumerable.Range(0, 5).Select(i => $"puppy number {i}")]);
        await FindsAsync(ann, room, "railway", "기차가 늦네요");
    }

    [Fact]
    public async Task It_waits_as_long_as_it_is_asked_to()
    {
        var times = 0;
        await using var mine = await ScriptedEmbeddings.StartAsync();
        mine.Fault = async (context, _) =>
        {
            if (Interlocked.Increment(ref times) > 1)
                return false;
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "3";
            await context.Response.WriteAsync("{}");
            return true;
        };
        await using var fresh = await new ServerProcess(null, SettingsOf(mine)).StartAsync();
        using var ann = await ApiClient.JoinAsync(fresh.Address, "ann");
        var room = await ann.OpenRoomAsync("patience");
        await ann.PostAsync(room, "a puppy");
        await FindsAsync(ann, room, "dog", "a puppy");
        var (first, second) = (mine.Requests.ElementAt(0), mine.Requests.ElementAt(1));
        Assert.InRange(TimeProvider.System.GetElapsedTime(first.At, second.At), TimeSpan.FromSeconds(2.9), Eventually.Timeout);
    }

    [Fact]
    public async Task A_text_that_is_always_refused_keeps_no_other_from_its_vector()
    {
        await using var mine = await ScriptedEmbeddings.StartAsync();
        mine.Fault = async (context, texts) =>
        {
            if (!texts.Any(text => text.Contains("poison", StringComparison.Ordinal)))
                return false;
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync("""{"error":{"message":"no"}}""");
            return true;
        };
        await using var own = await new ServerProcess(null, [.. SettingsOf(mine), EmbeddedStore.Setting]).StartAsync();
        using var ann = await ApiClient.JoinAsync(own.Address, "ann");
        var room = await ann.OpenRoomAsync("poisoned");
        await ann.JobDoneAsync(await ann.ImportAsync(room, string.Concat(Enumerable.Range(0, 100).Select(i => JsonSerializer.Serialize(new
        {
            nickname = "p" + (i % 5),
            content = i == 37 ? "poison puppy" : $"puppy {i}",
            createdAt = $"2026-01-05T09:{i / 60:00}:{i % 60:00}Z",
        }) + "\n"))));
        await Eventually.SeenAsync(async () => (await SearchAsync(ann, room, "dog", 100)).Count(message => message.Content != "poison puppy"), count => count == 99, "the others to be found");
        await Eventually.TrueAsync(() => EmbeddedStore.EmbeddingJobs(own, "2") > 0 && EmbeddedStore.EmbeddingJobs(own, "0, 1") == 0, "the whole room to be seen");
        var sent = mine.Texts.Count(text => text == "poison puppy");
        await ann.LookAgainAsync(room);
        Assert.Equal(sent, mine.Texts.Count(text => text == "poison puppy"));
    }

    [FactOnLinux]
    public async Task Two_servers_make_each_vector_once()
    {
        await using var mine = await ScriptedEmbeddings.StartAsync();
        (string, string)[] both = [.. SettingsOf(mine), ("MONGODB_URI", $"{await MongoServer.AddressAsync()}/aichat-vectors-{Environment.ProcessId}"), ("COOKIE_SECRET", "a secret that both know")];
        await using var one = await new ServerProcess(null, both).StartAsync();
        await using var other = await new ServerProcess(null, both).StartAsync();
        using var ann = await ApiClient.JoinAsync(one.Address, "ann");
        using var there = ann.At(other.Address);
        var room = await ann.OpenRoomAsync("shared");
        await ann.JobDoneAsync(await ann.ImportAsync(room, string.Concat(Enumerable.Range(0, 1_500).Select(i => JsonSerializer.Serialize(new
        {
            nickname = "p" + (i % 5),
            content = $"line {i} of the railway",
            createdAt = $"2026-01-05T{9 + i / 3600:00}:{i / 60 % 60:00}:{i % 60:00}Z",
        }) + "\n"))));
        await Eventually.SeenAsync(() => Lines().Distinct().Count(), count => count == 1_500, "every line to be sent");
        await Eventually.SeenAsync(async () => (await SearchAsync(there, room, "기차", 100)).Count, count => count == 100, "lines to be found at the other server");
        await there.LookAgainAsync(room);

        // The job for the whole room and the look at its newest messages may meet in a few batches.
        Assert.InRange(Lines().Count(), 1_500, 1_500 * 1.3);

        IEnumerable<string> Lines() => mine.Texts.Where(text => text.StartsWith("line ", StringComparison.Ordinal));
    }

    private static async Task<bool> FailAsync(HttpContext context, string fault)
    {
        switch (fault)
        {
            case "429":
                context.Response.StatusCode = 429;
                context.Response.Headers.RetryAfter = LongAway.TotalSeconds.ToString(CultureInfo.InvariantCulture);
                break;
            case "slow":
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                break;
            case "garbage":
                await context.Response.WriteAsync("<html>no</html>");
                break;
            case "short":
                await context.Response.WriteAsJsonAsync(new { data = new[] { new { index = 0, embedding = new[] { 1f, 0f } } } });
                break;
            case "cut":
                context.Response.ContentLength = 4_000;
                await context.Response.WriteAsync("{\"data\": [");
                context.Abort();
                break;
        }

        return true;
    }

    private static async Task<IReadOnlyList<Message>> SearchAsync(ApiClient who, string room, string query, int limit)
    {
        var (status, found) = await who.SendAsync(HttpMethod.Get, $"chat/{room}/messages?q={Uri.EscapeDataString(query)}&semantic=true&limit={limit}");
        return status == HttpStatusCode.OK ? found.Items<Message>() : [];
    }

    private static async Task<(HttpStatusCode Status, string? Code)> RefusalAsync(ApiClient who, string room, string query)
    {
        var (status, body) = await who.SendAsync(HttpMethod.Get, $"chat/{room}/messages?semantic=true&{query}");
        return (status, body.Code);
    }

    /// <summary>The first ones that are found are these, in whatever order, as soon as all have their vectors.</summary>
    private static Task FindsAsync(ApiClient who, string room, string query, params string[] wanted) => Eventually.TrueAsync(
        async () => (await SearchAsync(who, room, query, wanted.Length)).Select(message => message.Content!).ToHashSet(StringComparer.Ordinal).SetEquals(wanted),
        $"{query} to find {string.Join(", ", wanted)}");

    private static (string Name, string Value)[] SettingsOf(ScriptedEmbeddings embeddings) => [("EMBEDDING_URL", embeddings.Address.ToString()), ("EMBEDDING_KEY", "a key"), ("EMBEDDING_MODEL", "scripted-1")];

    /// <summary>A server that asks for sentence vectors, for the tests that need no start of their own.</summary>
    public sealed class EmbeddingServer : IAsyncLifetime
    {
        public ScriptedEmbeddings Embeddings { get; private set; } = null!;

        public ServerProcess Process { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Embeddings = await ScriptedEmbeddings.StartAsync();
            Process = await new ServerProcess(null, SettingsOf(Embeddings)).StartAsync();
        }

        public async Task DisposeAsync()
        {
            await Process.DisposeAsync();
            await Embeddings.DisposeAsync();
        }
    }
}
