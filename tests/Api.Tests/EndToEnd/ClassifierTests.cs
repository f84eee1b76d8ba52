using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AIChat.Api.Tests.Classifier;
using AIChat.Api.Tests.Contract;
using AIChat.Tests;

namespace AIChat.Api.Tests.EndToEnd;

/// <summary>A backend and a classifier as two processes, each killed while the other needs it; and a classifier under more calls than it can take.</summary>
public sealed class ClassifierTests
{
    private const string Token = "what-the-two-of-them-know";

    // A window that takes seconds, so that there is a middle to be killed in.
    private const int Many = 1_500;

    [Fact]
    public async Task A_backend_looks_at_rooms_through_the_classifier_and_by_itself_while_that_is_away()
    {
        await using var classifier = await Classifier().StartAsync();
        await using var backend = await Backend(classifier, Token).StartAsync();
        using var ann = await ApiClient.JoinAsync(backend.Address, "ann");
        var room = await ann.OpenRoomAsync("seen from elsewhere");
        await ann.JobDoneAsync(await ann.ImportAsync(room, Transcript(Many)));
        await ann.LookAgainAsync(room);
        Assert.InRange(Answered(classifier), 1, int.MaxValue);
        Assert.Contains("finds conversations now", backend.Log, StringComparison.Ordinal);

        var begun = Begun(classifier);
        var job = string.Empty;
        await Eventually.TrueAsync(
            async () =>
            {
                // A classifier that was too slow for the last look gets no request for a while.
                job = await ann.ReclassifyAsync(room);
                return Begun(classifier) > begun;
            },
            "the classifier to begin");
        await classifier.KillAsync();
        await AllFiledAsync(ann, room, job);
        Assert.Contains("cannot be reached", backend.Log, StringComparison.Ordinal);

        // Away all the while: nothing waits for it.
        await AllFiledAsync(ann, room, await ann.ReclassifyAsync(room));

        var before = Answered(classifier);
        await classifier.StartAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                await AllFiledAsync(ann, room, await ann.ReclassifyAsync(room));
                return Answered(classifier) > before;
            },
            "the classifier to be asked again");
    }

    [Fact]
    public async Task A_backend_that_dies_while_the_classifier_works_for_it_goes_on_and_loses_nothing()
    {
        await using var classifier = await Classifier().StartAsync();
        await using var backend = await Backend(classifier, Token).StartAsync();
        using var ann = await ApiClient.JoinAsync(backend.Address, "ann");
        var room = await ann.OpenRoomAsync("left in the middle");
        await ann.JobDoneAsync(await ann.ImportAsync(room, Transcript(Many)));
        await ann.LookAgainAsync(room);

        var begun = Begun(classifier);
        var job = string.Empty;
        await Eventually.TrueAsync(
            async () =>
            {
                // A classifier that was too slow for the last look gets no request for a while.
                job = await ann.ReclassifyAsync(room);
                return Begun(classifier) > begun;
            },
            "the classifier to begin");
        await backend.KillAsync();
        await Eventually.TrueAsync(() => classifier.Log.Contains(": 499, ", StringComparison.Ordinal), "the classifier to stop working for the dead");

        await backend.StartAsync();
        await AllFiledAsync(ann, room, job);
    }

    [Fact]
    public async Task A_backend_with_a_wrong_token_says_so_and_finds_conversations_itself()
    {
        await using var classifier = await Classifier().StartAsync();
        await using var backend = await Backend(classifier, "not-what-they-both-know").StartAsync();
        using var ann = await ApiClient.JoinAsync(backend.Address, "ann");
        var room = await ann.OpenRoomAsync("not let in");
        await ann.JobDoneAsync(await ann.ImportAsync(room, Transcript(300)));
        await AllFiledAsync(ann, room, await ann.ReclassifyAsync(room), 300);

        Assert.Contains("refuses MODEL_SERVER_TOKEN", backend.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("not-what-they-both-know", backend.Log, StringComparison.Ordinal);
        Assert.Equal(0, Answered(classifier));
    }

    [Fact]
    public async Task What_is_said_by_people_who_keep_it_from_models_never_reaches_the_classifier()
    {
        await using var classifier = await Classifier().StartAsync();
        await using var backend = await Backend(classifier, Token).StartAsync();
        using var ann = await ApiClient.JoinAsync(backend.Address, "ann");
        using var bob = await ApiClient.JoinAsync(backend.Address, "bob");
        var room = await ann.OpenRoomAsync("bob would rather not");
        for (var i = 0; i < 10; i++)
            await (i % 2 == 0 ? ann : bob).PostAsync(room, $"we talk of the kernel {i}");
        await ann.AllClassifiedAsync(room);
        await AllFiledAsync(ann, room, await ann.ReclassifyAsync(room), 10);
        Assert.Equal(1, Answered(classifier));

        await bob.SendAsync(HttpMethod.Patch, "user/me", new { excludeFromAi = true });
        await AllFiledAsync(ann, room, await ann.ReclassifyAsync(room), 10);
        Assert.Equal(1, Answered(classifier));
    }

    [Fact]
    public async Task A_backend_without_a_model_takes_sentence_vectors_from_there_and_knows_whose_they_are()
    {
        await using var first = await Classifier(("EMBEDDING_MODEL", ClassifierProcess.Model())).StartAsync();
        await using var backend = await Backend(first, Token).StartAsync();
        using var ann = await ApiClient.JoinAsync(backend.Address, "ann");
        var room = await ann.OpenRoomAsync("by meaning");
        foreach (var text in (string[])["our puppy sleeps all day", "see you at eight", "강아지 산책 시켰어"])
            await ann.PostAsync(room, text);
        await FoundAsync("see you at eight");

        // Another model of as many dimensions at the same address: what the first one made says nothing to it.
        await first.KillAsync();
        await using var second = await Classifier(("EMBEDDING_MODEL", ClassifierProcess.Model("roberta-korean-wordpiece")), ("ASPNETCORE_URLS", first.Address.ToString())).StartAsync();
        await ann.PostAsync(room, "and a cat");
        await FoundAsync("our puppy sleeps all day");
        Assert.Contains("/v1/embeddings for", second.Log, StringComparison.Ordinal);
        Assert.Equal((0, 0), (await second.TerminateAsync(), await backend.TerminateAsync()));

        // Each text is nearest to itself, and nothing is missing.
        async Task FoundAsync(string text) => await Eventually.TrueAsync(
            async () =>
            {
                var (status, page) = await ann.SendAsync(HttpMethod.Get, $"chat/{room}/messages?semantic=true&q={Uri.EscapeDataString(text)}");
                return status == HttpStatusCode.OK && page.Items<Message>() is var found && found.Count == (await ann.AllMessagesAsync(room)).Count
                    && found[0].Content == text;
            },
            "all to be found by meaning");
    }

    [Fact]
    public async Task A_full_queue_says_when_to_come_back_and_one_that_floods_does_not_starve_another()
    {
        await using var classifier = await Classifier(("MODEL_SERVER_QUEUE", "1/4")).StartAsync();
        using var flood = Caller(classifier, "flood");
        using var quiet = Caller(classifier, "quiet");
        var (refused, served) = (0, 0);
        var bodies = Enumerable.Range(0, 9).Select(_ => Chats(2_500)).ToList();
        var flooding = bodies.ConvertAll(async body =>
        {
            using var answer = await flood.PostAsync(new Uri("predict", UriKind.Relative), body);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
                Assert.Equal("queue_full", new Answer(await answer.Content.ReadAsStringAsync()).Code);
                Interlocked.Increment(ref refused);
                return;
            }

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Interlocked.Increment(ref served);
        });

        // One at work and four waiting, so that four have no place.
        await Eventually.SeenAsync(() => Volatile.Read(ref refused), count => count >= 4, "the queue to be full");
        using (var answer = await quiet.PostAsync(new Uri("predict", UriKind.Relative), Chats(20)))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.InRange(Volatile.Read(ref served), 0, 2);

        // It had to give up a place for that; what is left is served.
        await Task.WhenAll(flooding);
        Assert.Equal((5, 4), (refused, served));
    }

    [Fact]
    public async Task Who_hangs_up_stops_the_work_and_leaves_the_place_to_others()
    {
        await using var classifier = await Classifier(("MODEL_SERVER_QUEUE", "1/1")).StartAsync();
        using var caller = Caller(classifier, "caller");
        using var hangUp = new CancellationTokenSource();
        var working = caller.PostAsync(new Uri("predict", UriKind.Relative), Chats(10_000), hangUp.Token);
        await Eventually.TrueAsync(() => Begun(classifier) == 1, "the work to begin");

        // Waiting, and gone before its turn.
        using var hangUpToo = new CancellationTokenSource();
        var waiting = caller.PostAsync(new Uri("predict", UriKind.Relative), Chats(20), hangUpToo.Token);
        await Eventually.TrueAsync(() => Counted(classifier, "arrived") == 2, "the second to wait");
        await Eventually.TrueAsync(async () => await StatusAsync() == HttpStatusCode.TooManyRequests, "the queue to be full");
        await hangUpToo.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => working);

        // A caller has hung up as soon as it says so; the server hears of it a moment later.
        await Eventually.TrueAsync(async () => await StatusAsync() == HttpStatusCode.OK, "both places to be free");
        using var whole = await caller.PostAsync(new Uri("predict", UriKind.Relative), Chats(10_000));
        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
        await Eventually.TrueAsync(() => Answered(classifier) == 2, "the log to say how long that took");
        Assert.InRange(Worked(classifier, 499), 0, Worked(classifier, 200) / 2);

        async Task<HttpStatusCode> StatusAsync()
        {
            using var other = Caller(classifier, "other");
            using var answer = await other.PostAsync(new Uri("predict", UriKind.Relative), Chats(20));
            return answer.StatusCode;
        }
    }

    private static ServerProcess Classifier(params (string, string)[] more)
        => new(null, [("MODEL_SERVER_TOKEN", Token), ("Logging__LogLevel__AIChat.Api.Classifier", "Debug"), .. more]) { Arguments = ["--role", "classifier"] };

    private static ServerProcess Backend(ServerProcess classifier, string token) => new(null, ("MODEL_SERVER_URL", classifier.Address + "predict"), ("MODEL_SERVER_TOKEN", token));

    private static HttpClient Caller(ServerProcess classifier, string name)
    {
        var http = new HttpClient { BaseAddress = classifier.Address, Timeout = Eventually.Timeout };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        http.DefaultRequestHeaders.Add("X-Caller", name);
        return http;
    }

    private static int Begun(ServerProcess classifier) => Counted(classifier, "started");

    private static int Answered(ServerProcess classifier) => Counted(classifier, ": 200, ");

    private static int Counted(ServerProcess classifier, string what)
        => classifier.Log.Split('\n').Count(line => line.Contains("/predict for", StringComparison.Ordinal) && line.Contains(what, StringComparison.Ordinal));

    /// <summary>How many milliseconds the longest call with this status ran.</summary>
    private static double Worked(ServerProcess classifier, int status) => classifier.Log.Split('\n')
        .Where(line => line.Contains(string.Create(CultureInfo.InvariantCulture, $": {status}, "), StringComparison.Ordinal))
        .Max(line => double.Parse(line[(line.IndexOf("ran ", StringComparison.Ordinal) + 4)..].Split(' ')[0], CultureInfo.InvariantCulture));

    private static async Task AllFiledAsync(ApiClient ann, string room, string job, int count = Many)
    {
        Assert.Equal("succeeded", (await ann.JobDoneAsync(job)).State);
        var messages = await ann.AllMessagesAsync(room);
        Assert.Equal(Enumerable.Range(1, count).Select(seq => (long)seq), messages.Select(message => message.Seq));
        Assert.All(messages, message => Assert.True(message.Classified));
        Assert.Contains(messages, message => message.TopicId is not null);
    }

    /// <summary>Made before it is sent, so that many are sent at once.</summary>
    private static ByteArrayContent Chats(int count)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new { chats = Enumerable.Range(0, count).Select(Line) }));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private static string Transcript(int count) => string.Concat(Enumerable.Range(0, count).Select(i => JsonSerializer.Serialize(Line(i)) + "\n"));

    private static object Line(int i) => new
    {
        id = "l" + i.ToString(CultureInfo.InvariantCulture),
        nickname = "p" + (i % 13).ToString(CultureInfo.InvariantCulture),
        content = string.Create(CultureInfo.InvariantCulture, $"p{i * 5 % 13}: the kernel {i % 7} panics when I mount 여행 {i % 97}"),
        createdAt = $"2026-01-05T{i / 3600:00}:{i / 60 % 60:00}:{i % 60:00}Z",
    };
}
