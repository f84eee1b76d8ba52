using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using AIChat.Api.Tests.Contract;
using AIChat.Tests;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace AIChat.Api.Tests.EndToEnd;

/// <summary>Summaries as they are made, kept, made anew and judged, with a model at the other end of real HTTP.</summary>
public sealed class SummaryFlowTests(SummaryFlowTests.SummaryServer shared) : IClassFixture<SummaryFlowTests.SummaryServer>, IAsyncLifetime
{
    private readonly ScriptedModel _model = shared.Model;
    private readonly ServerProcess _server = shared.Process;
    private ApiClient _ann = null!;
    private ApiClient _bob = null!;
    private string _room = null!;

    public async Task InitializeAsync()
    {
        _model.Reset();
        _ann = await ApiClient.JoinAsync(_server.Address, "ann");
        _bob = await ApiClient.JoinAsync(_server.Address, "bob");
        _room = await _ann.OpenRoomAsync("flow");
    }

    public Task DisposeAsync()
    {
        _ann.Dispose();
        _bob.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Only_the_topic_that_changed_is_read_again()
    {
        var ids = await TwoTalksAsync();
        await SummarizeAsync();
        Assert.Equal(2, _model.Asked.Sum(asked => asked.Topics.Count));
        var seen = _model.Asked.Count;
        Assert.Equal(HttpStatusCode.OK, (await _ann.SendAsync(HttpMethod.Patch, $"chat/{_room}/messages/{ids[0]}", new { content = "how do I install podman on fedora, please?" })).Status);
        Assert.Equal("summary_not_found", (await _ann.SendAsync(HttpMethod.Get, $"chat/{_room}/summary")).Body.Code);

        var again = await AnswerAsync();
        var topic = Assert.Single(_model.Asked.Skip(seen).SelectMany(asked => asked.Topics));
        Assert.Equal("how do I install podman on fedora, please?", topic.Lines[0].Text);
        Assert.Equal(2, again.As<Summary>().Summaries.High.Count);
        Assert.DoesNotContain("docker on debian", again.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("docker on debian", (await _ann.GetAsync($"chat/{_room}/summary")).Text, StringComparison.Ordinal);

        // The same talks in all three levels are read once as well.
        seen = _model.Asked.Count;
        await SummarizeAsync(new { channelId = _room });
        Assert.DoesNotContain(_model.Asked.Skip(seen).SelectMany(asked => asked.Topics), read => read.Lines.Count == topic.Lines.Count && read.Lines[0].Text == topic.Lines[0].Text);
    }

    [Fact]
    public async Task A_message_that_is_moved_makes_the_latest_stale_and_the_next_one_reads_both_its_topics()
    {
        var ids = await TwoTalksAsync();
        var first = await SummarizeAsync();
        var topics = first.TopicIds.High.Distinct().ToList();
        Assert.False((await _ann.GetAsync<Summary>($"chat/{_room}/summary")).Stale);
        Assert.Equal(HttpStatusCode.OK, (await _ann.SendAsync(HttpMethod.Put, $"chat/{_room}/messages/{ids[^1]}/topic", new { topicId = topics[0] })).Status);
        Assert.True((await _ann.GetAsync<Summary>($"chat/{_room}/summary")).Stale);
        var seen = _model.Asked.Count;
        var next = await SummarizeAsync();
        Assert.NotEqual(first.SummaryId, next.SummaryId);
        Assert.Equal(2, _model.Asked.Skip(seen).Sum(asked => asked.Topics.Count));
    }

    [Fact]
    public async Task Points_leave_before_the_model_has_ended_and_the_whole_comes_last()
    {
        await _ann.PostAsync(_room, "the nightly build is red since the merge");
        using var gate = new ManualResetEventSlim();
        _model.Answer = request => InTwo(ScriptedModel.Faithful(request), gate);
        using var answer = await OpenStreamAsync();
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        await using var events = SseParser.Create(await answer.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator();
        foreach (var expected in (string[])["meta", "topic", "point"])
        {
            Assert.True(await events.MoveNextAsync());
            Assert.Equal(expected, events.Current.EventType);
        }

        Assert.Equal("the nightly build is red since the merge", new Answer(events.Current.Data).As<PointTold>().Point.Text);
        Assert.Equal(0, _model.Answered);
        gate.Set();
        Assert.True(await events.MoveNextAsync());
        Assert.Equal("done", events.Current.EventType);
        var whole = new Answer(events.Current.Data).As<Summary>();
        Assert.False(await events.MoveNextAsync());
        Assert.Equal(whole.SummaryId, (await _ann.GetAsync<Summary>($"chat/{_room}/summary")).SummaryId);

        // The stored one comes in the same steps.
        using var again = await OpenStreamAsync();
        var told = new List<string>();
        await foreach (var part in SseParser.Create(await again.Content.ReadAsStreamAsync()).EnumerateAsync())
            told.Add(part.EventType);
        Assert.Equal(["meta", "topic", "point", "done"], told);
        Assert.Single(_model.Asked);
    }

    [Fact]
    public async Task Whoever_hangs_up_ends_the_call_of_the_model_and_nothing_half_is_kept()
    {
        await _ann.PostAsync(_room, "the nightly build is red since the merge");
        using var gate = new ManualResetEventSlim();
        _model.Answer = request => InTwo(ScriptedModel.Faithful(request), gate).Concat(Enumerable.Repeat(" ", 100_000));
        _model.Pause = TimeSpan.FromMilliseconds(1);
        using (var answer = await OpenStreamAsync())
        {
            await using var events = SseParser.Create(await answer.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator();
            while (events.Current.EventType != "point")
                Assert.True(await events.MoveNextAsync());
        }

        gate.Set();
        await Eventually.TrueAsync(() => _model.HungUp == 1, "the model's caller to hang up");
        Assert.Equal("summary_not_found", (await _ann.SendAsync(HttpMethod.Get, $"chat/{_room}/summary")).Body.Code);
        _model.Answer = request => [ScriptedModel.Faithful(request)];
        Assert.Equal("openai:scripted", (await SummarizeAsync()).Engine);
    }

    [Fact]
    public async Task Who_asks_the_same_meanwhile_shares_the_making()
    {
        await _ann.PostAsync(_room, "the nightly build is red since the merge");
        await _ann.AllClassifiedAsync(_room);
        using var gate = new ManualResetEventSlim();
        _model.Answer = request => InTwo(ScriptedModel.Faithful(request), gate);
        var asked = ((ApiClient[])[_ann, _bob, _ann, _bob]).Select(who => who.SendAsync(HttpMethod.Post, "chat/summary", new { channelId = _room, level = "high" })).ToList();
        await Eventually.TrueAsync(() => !_model.Asked.IsEmpty, "the model to be asked");
        gate.Set();
        var answers = await Task.WhenAll(asked);
        Assert.Single(answers.Select(answer => answer.Body.As<Summary>().SummaryId).Distinct());
        Assert.Single(_model.Asked);
    }

    [Fact]
    public async Task Killed_while_one_is_made_it_serves_nothing_half_and_makes_it_afterwards()
    {
        await _ann.PostAsync(_room, "the nightly build is red since the merge");
        using var gate = new ManualResetEventSlim();
        _model.Answer = request => InTwo(ScriptedModel.Faithful(request), gate);
        using (var answer = await OpenStreamAsync())
        {
            await using var events = SseParser.Create(await answer.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator();
            while (events.Current.EventType != "point")
                Assert.True(await events.MoveNextAsync());
            await _server.KillAsync();
        }

        gate.Set();
        await _server.StartAsync();
        Assert.Equal("summary_not_found", (await _ann.SendAsync(HttpMethod.Get, $"chat/{_room}/summary")).Body.Code);
        Assert.Single((await SummarizeAsync()).Summaries.High["0"].Points);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_hub_tells_it_point_by_point(bool messagePack)
    {
        await _ann.PostAsync(_room, "the nightly build is red since the merge");
        await using var hub = await _ann.ConnectAsync(messagePack);
        var told = new List<SummaryStep>();
        await foreach (var part in hub.StreamAsync<object>("summarize", new { channelId = _room, level = "high" }))
            told.Add(Ears.Of(part).As<SummaryStep>());
        Assert.Equal(["meta", "topic", "point", "done"], told.Select(part => part.Event));
        Assert.Equal("the nightly build is red since the merge", told[2].As<PointTold>().Point.Text);
        Assert.Equal("openai:scripted", told[3].As<Summary>().Engine);

        var refused = await Assert.ThrowsAsync<HubException>(async () => await hub.StreamAsync<object>("summarize", new { channelId = "nowhere" }).ToListAsync());
        Assert.Contains("room_not_found", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outcome_is_told_leads_the_topic_and_is_voted_on_and_themes_are_made_of_outcomes()
    {
        await TwoTalksAsync();
        _model.Answer = request =>
        [
            JsonSerializer.Serialize(new
            {
                topics = request.Topics.Select(topic => new { topic = topic.Number, name = "plain topic", outcome = new { text = topic.Lines[^1].Text, cites = new[] { topic.Lines[^1].Number } }, points = Array.Empty<object>() }),
            }),
        ];
        var told = new List<SummaryStep>();
        await using var hub = await _ann.ConnectAsync(messagePack: false);
        await foreach (var part in hub.StreamAsync<object>("summarize", new { channelId = _room }))
            told.Add(Ears.Of(part).As<SummaryStep>());
        Assert.Contains("permission denied when I run docker ps", told.Where(step => step.Event == "outcome").Select(step => step.As<OutcomeTold>().Outcome.Text));

        var summary = await SummarizeAsync(new { channelId = _room });
        Assert.Equal(["permission denied when I run docker ps", "let us meet at noon on the ground floor"], summary.Summaries.High.Values.Select(topic => topic.Outcome!.Text));
        Assert.All(summary.Summaries.High.Values, topic => Assert.Equal((topic.Outcome!.Text, "en"), (topic.Content, topic.Language)));
        foreach (var theme in summary.Summaries.Low.Values.Where(theme => theme.Outcome is null))
            Assert.All(theme.Points, point => Assert.Contains(point.Text, summary.Summaries.High.Values.Select(topic => topic.Outcome!.Text)));
        Assert.Null(summary.Closing.High);
        Assert.Equal(HttpStatusCode.NoContent, (await _ann.SendAsync(HttpMethod.Post, $"chat/{_room}/summary/{summary.SummaryId}/feedback", new { vote = "up", point = "high/0/outcome" })).Status);
    }

    [Fact]
    public async Task The_model_names_a_topic_and_never_over_a_persons_name()
    {
        await _ann.PostAsync(_room, "the nightly build is red since the merge");
        var summary = await SummarizeAsync();
        Assert.Equal("plain topic", summary.Summaries.High["0"].Name);
        var topic = await ConversationAsync();
        Assert.Equal(("plain topic", "auto"), (topic.Name, topic.NameSource));
        Assert.NotEmpty(topic.Keywords);

        // It stays when the room is looked at again, and goes with a word that it may tell of.
        await _ann.PostAsync(_room, "the nightly build was fine yesterday");
        await _ann.AllClassifiedAsync(_room);
        await _ann.LookAgainAsync(_room);
        Assert.Equal("plain topic", (await ConversationAsync()).Name);
        var said = (await _ann.AllMessagesAsync(_room))[^1].Id;
        Assert.Equal(HttpStatusCode.NoContent, (await _ann.SendAsync(HttpMethod.Delete, $"chat/{_room}/messages/{said}")).Status);
        await Eventually.TrueAsync(async () => (await ConversationAsync()).Name != "plain topic", "the topic to be named by its words");

        await _ann.SendAsync(HttpMethod.Patch, $"chat/{_room}/topics/{topic.TopicId}", new { name = "Our build" });
        await _ann.PostAsync(_room, "the nightly build is green again");
        Assert.Contains("Our build", (await AnswerAsync()).Text, StringComparison.Ordinal);
        Assert.Equal("Our build", (await ConversationAsync()).Name);
    }

    [Fact]
    public async Task A_vote_counts_once_for_a_person_and_point_and_gives_a_rate_for_the_engine()
    {
        await _ann.PostAsync(_room, "the nightly build is red since the merge");
        var id = (await SummarizeAsync()).SummaryId;
        Assert.Equal(HttpStatusCode.NoContent, (await VoteAsync(_ann, new { vote = "up" })).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await VoteAsync(_ann, new { vote = "down", reason = "missed the cause" })).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await VoteAsync(_ann, new { vote = "up", point = "high/0/0" })).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await VoteAsync(_bob, new { vote = "up" })).Status);
        Assert.Equal((HttpStatusCode.BadRequest, "vote_bad"), await RefusedAsync(new { vote = "sideways" }));
        Assert.Equal((HttpStatusCode.BadRequest, "point_not_found"), await RefusedAsync(new { vote = "up", point = "high/0/1" }));
        Assert.Equal((HttpStatusCode.BadRequest, "point_not_found"), await RefusedAsync(new { vote = "up", point = "3/0/1" }));
        Assert.Equal((HttpStatusCode.BadRequest, "reason_too_long"), await RefusedAsync(new { vote = "up", reason = new string('x', 501) }));
        id = "another";
        Assert.Equal((HttpStatusCode.NotFound, "summary_not_found"), await RefusedAsync(new { vote = "up" }));

        var rate = Assert.Single((await _ann.GetAsync<Quality>($"chat/{_room}/topics/quality")).Summaries);
        Assert.Equal(new EngineRate("openai:scripted", 2, 1, 0.667), rate);

        Task<(HttpStatusCode Status, Answer Body)> VoteAsync(ApiClient who, object vote) => who.SendAsync(HttpMethod.Post, $"chat/{_room}/summary/{id}/feedback", vote);

        async Task<(HttpStatusCode, string?)> RefusedAsync(object vote)
        {
            var (status, body) = await VoteAsync(_bob, vote);
            return (status, body.Code);
        }
    }

    [Fact]
    public async Task The_language_is_the_readers_choice_and_else_the_rooms()
    {
        await _ann.PostAsync(_room, "점심 뭐 먹을까요? 김치찌개 어때요");
        Assert.Equal("ko", (await SummarizeAsync()).Language);
        Assert.Equal("en", (await SummarizeAsync(new { channelId = _room, level = "high", language = "en" })).Language);
        Assert.Equal(2, _model.Asked.Select(asked => asked.System).Distinct().Count());
        await _ann.PostAsync(_room, "the nightly build is red since the merge and nobody knows why, so let us look at the log after lunch");
        Assert.Equal("en", (await SummarizeAsync()).Language);
        Assert.Equal("ko", (await SummarizeAsync(new { channelId = _room, level = "high", language = "ko" })).Language);
    }

    private static IEnumerable<string> InTwo(string text, ManualResetEventSlim gate)
    {
        yield return text[..^3];
        gate.Wait();
        yield return text[^3..];
    }

    /// <summary>Two talks of explicit answers; whatever joined them is split by hand.</summary>
    private async Task<List<string>> TwoTalksAsync()
    {
        var ids = new List<string>();
        async Task SayAsync(ApiClient who, string what, int? answers = null)
            => ids.Add((await who.PostAsync(_room, what, replyTo: answers is { } at ? ids[at] : null)).Id);
        await SayAsync(_ann, "how do I install docker on debian, the package is not found?");
        await SayAsync(_bob, "apt install docker.io, then start the service", 0);
        await SayAsync(_ann, "permission denied when I run docker ps", 1);
        await SayAsync(_bob, "where shall we have lunch, kimchi stew perhaps?");
        await SayAsync(_ann, "kimchi stew sounds good, at what hour do we go?", 3);
        await SayAsync(_bob, "let us meet at noon on the ground floor", 4);
        await _ann.AllClassifiedAsync(_room);
        var topics = (await _ann.AllMessagesAsync(_room)).ConvertAll(message => message.TopicId!);
        if (topics[0] == topics[3])
            Assert.Equal(HttpStatusCode.Created, (await _ann.SendAsync(HttpMethod.Post, $"chat/{_room}/topics/{topics[0]}/split", new { messageIds = ids[3..] })).Status);
        return ids;
    }

    private async Task<Summary> SummarizeAsync(object? question = null) => (await AnswerAsync(question)).As<Summary>();

    private async Task<Answer> AnswerAsync(object? question = null)
    {
        var (status, body) = await _ann.SendAsync(HttpMethod.Post, "chat/summary", question ?? new { channelId = _room, level = "high" });
        Assert.True(status == HttpStatusCode.OK, body.ToString());
        return body;
    }

    private async Task<HttpResponseMessage> OpenStreamAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("chat/summary", UriKind.Relative)) { Content = JsonContent.Create(new { channelId = _room, level = "high" }) };
        request.Headers.Accept.ParseAdd("text/event-stream");
        var answer = await _ann.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer;
    }

    private async Task<Topic> ConversationAsync() => Assert.Single(await _ann.ItemsAsync<Topic>($"chat/{_room}/topics?level=high"));

    /// <summary>A server with a model, for all of these tests; whichever kills it starts it again.</summary>
    public sealed class SummaryServer : IAsyncLifetime
    {
        public ScriptedModel Model { get; private set; } = null!;

        public ServerProcess Process { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Model = await ScriptedModel.StartAsync();
            Process = await new ServerProcess(null, ("OPENAI_BASE_URL", Model.Address.ToString()), ("OPENAI_API_KEY", "a-key"), ("OPENAI_MODEL", "scripted"), ("RECLASSIFY_MINUTES", "59")).StartAsync();
        }

        public async Task DisposeAsync()
        {
            await Process.DisposeAsync();
            await Model.DisposeAsync();
        }
    }
}
