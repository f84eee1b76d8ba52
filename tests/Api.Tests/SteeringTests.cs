using System.Globalization;
using System.Net;
using AIChat.Api.Tests.Contract;
using AIChat.Tests;
using static AIChat.Api.Tests.Ears;

namespace AIChat.Api.Tests;

/// <summary>People put topics right, and whatever looks at the room later obeys them.</summary>
[Collection(OnOneServer.Name)]
public sealed class SteeringTests(SharedServer server) : IAsyncLifetime
{
    private ApiClient _ann = null!;
    private ApiClient _bob = null!;
    private string _room = null!;

    public async Task InitializeAsync()
    {
        _ann = await ApiClient.JoinAsync(server.Address, "ann");
        _bob = await ApiClient.JoinAsync(server.Address, "bob");
        _room = await _ann.OpenRoomAsync("steered");
    }

    public Task DisposeAsync()
    {
        _ann.Dispose();
        _bob.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_merge_a_split_and_a_move_survive_looking_at_the_whole_room_again()
    {
        var ids = await TwoTalksAsync();
        var topics = await ConversationsAsync();
        Assert.True(topics.Count >= 2, $"{topics.Count} conversations");

        var merged = await _ann.DoneAsync<Topic>(HttpMethod.Post, $"chat/{_room}/topics/merge", new { topicIds = topics });
        Assert.Equal(topics[0], merged.TopicId);
        Assert.Equal(ids.Count, merged.MessageCount);
        Assert.Equal([topics[0]], await ConversationsAsync());

        var split = await _bob.DoneAsync<Topic>(HttpMethod.Post, $"chat/{_room}/topics/{topics[0]}/split", new { messageIds = new[] { ids[0], ids[3] }, name = "도커 🐳" }, HttpStatusCode.Created);
        var whale = split.TopicId;
        Assert.Equal(("도커 🐳", "user", 2L), (split.Name, split.NameSource, split.MessageCount));

        var moved = await _ann.DoneAsync<Message>(HttpMethod.Put, $"chat/{_room}/messages/{ids[5]}/topic", new { topicId = whale });
        Assert.Equal(whale, moved.TopicId);

        async Task AssertBoundAsync()
        {
            var topicOf = (await _ann.AllMessagesAsync(_room)).ToDictionary(message => message.Id, message => message.TopicId);
            Assert.All(ids, id => Assert.Equal(id == ids[0] || id == ids[3] || id == ids[5] ? whale : topics[0], topicOf[id]));
        }

        await AssertBoundAsync();
        await LookAgainAsync();
        await AssertBoundAsync();
        await _ann.PostAsync(_room, "docker works now, thank you", replyTo: ids[5]);
        await _ann.AllClassifiedAsync(_room);
        Assert.Equal(whale, (await _ann.AllMessagesAsync(_room))[^1].TopicId);
        await LookAgainAsync();
        await AssertBoundAsync();
        Assert.Equal("도커 🐳", (await TopicAsync(whale)).Name);
    }

    [Fact]
    public async Task Corrections_are_taken_back_the_last_one_first_and_all_is_as_before()
    {
        var ids = await TwoTalksAsync();
        var before = await FiledAsync();
        var topics = await ConversationsAsync();
        var low = (await TopicAsync(topics[0])).ParentId!;
        await _ann.DoneAsync<Topic>(HttpMethod.Post, $"chat/{_room}/topics/merge", new { topicIds = topics });
        await _bob.SendAsync(HttpMethod.Post, $"chat/{_room}/topics/{topics[0]}/split", new { messageIds = ids.Take(2) });
        await _ann.DoneAsync<Topic>(HttpMethod.Patch, $"chat/{_room}/topics/{low}", new { name = "mine" });

        var corrections = await CorrectionsAsync();
        Assert.Equal(["rename", "split", "merge"], corrections.Select(each => each.Kind));
        Assert.Equal(["ann", "bob", "ann"], corrections.Select(each => each.By.Nickname));
        Assert.Equal("mine", corrections[0].Name);
        Assert.Equal(2, corrections[1].MovedCount);
        Assert.Equal(HttpStatusCode.Conflict, await UndoAsync(corrections[2], "correction_built_upon"));
        Assert.Equal(HttpStatusCode.OK, await UndoAsync(corrections[1]));
        Assert.Equal(HttpStatusCode.Conflict, await UndoAsync(corrections[1], "correction_undone"));
        Assert.Equal(HttpStatusCode.OK, await UndoAsync(corrections[2]));
        Assert.Equal(HttpStatusCode.OK, await UndoAsync(corrections[0]));

        Assert.Equal(before, await FiledAsync());
        Assert.All(await CorrectionsAsync(), each => Assert.NotNull(each.UndoneAt));
        Assert.NotEqual("mine", (await TopicAsync(low)).Name);
    }

    [Fact]
    public async Task A_listener_hears_of_every_message_that_went_elsewhere()
    {
        var ids = await TwoTalksAsync();
        await using var ears = await _bob.ConnectAsync();
        var heard = Listen(ears, "topic", "topics");
        await ears.AskAsync<Position>("join", _room);
        var from = (await _ann.AllMessagesAsync(_room))[0].TopicId;

        var split = await _ann.DoneAsync<Topic>(HttpMethod.Post, $"chat/{_room}/topics/{from}/split", new { messageIds = new[] { ids[0] } }, HttpStatusCode.Created);
        using var patience = new CancellationTokenSource(Eventually.Timeout);
        var (told, body) = await heard.Reader.ReadAsync(patience.Token);
        // The talks before may still be announced.
        while (told == "topics")
            (told, body) = await heard.Reader.ReadAsync(patience.Token);
        Assert.Equal(("topic", new Filed(_room, ids[0], split.TopicId, from)), (told, body.As<Filed>()));
        Assert.Equal("topics", (await heard.Reader.ReadAsync(patience.Token)).Name);
    }

    [Fact]
    public async Task Whoever_splits_merges_or_moves_wrongly_is_told_why_and_nothing_changes()
    {
        var ids = await TwoTalksAsync();
        var before = await FiledAsync();
        var topic = (await ConversationsAsync())[0];
        var theme = (await TopicAsync(topic)).ParentId;
        var elsewhere = await _ann.OpenRoomAsync("elsewhere");
        var foreign = (await _ann.PostAsync(elsewhere, "hello there, anybody?")).Id;
        await _ann.AllClassifiedAsync(elsewhere);
        var strange = (await _ann.AllMessagesAsync(elsewhere))[0].TopicId;
        var members = (await _ann.AllMessagesAsync(_room)).Where(message => message.TopicId == topic).Select(message => message.Id).ToArray();
        (HttpMethod Method, string Path, object Body, int Status, string Code)[] wrong =
        [
            (HttpMethod.Patch, $"topics/{topic}", new { name = " " }, 400, "topic_name_empty"),
            (HttpMethod.Patch, $"topics/{topic}", new { }, 400, "topic_name_empty"),
            (HttpMethod.Patch, $"topics/{topic}", new { name = new string('x', 81) }, 400, "topic_name_too_long"),
            (HttpMethod.Patch, $"topics/{topic}", new { name = "a\nb" }, 400, "topic_name_bad"),
            (HttpMethod.Patch, $"topics/{strange}", new { name = "x" }, 404, "topic_not_found"),
            (HttpMethod.Post, "topics/merge", new { topicIds = new[] { topic } }, 400, "merge_too_few"),
            (HttpMethod.Post, "topics/merge", new { topicIds = new[] { topic, topic } }, 400, "merge_too_few"),
            (HttpMethod.Post, "topics/merge", new { topicIds = new[] { topic, null } }, 400, "merge_too_few"),
            (HttpMethod.Post, "topics/merge", new { }, 400, "merge_too_few"),
            (HttpMethod.Post, "topics/merge", new { topicIds = new[] { topic, strange } }, 404, "topic_not_found"),
            (HttpMethod.Post, "topics/merge", new { topicIds = new[] { topic, theme } }, 400, "topic_not_high"),
            (HttpMethod.Post, $"topics/{topic}/split", new { messageIds = Array.Empty<string>() }, 400, "split_bad"),
            (HttpMethod.Post, $"topics/{topic}/split", new { messageIds = members }, 400, "split_bad"),
            (HttpMethod.Post, $"topics/{topic}/split", new { messageIds = new[] { foreign } }, 400, "split_bad"),
            (HttpMethod.Post, $"topics/{topic}/split", new { messageIds = new[] { members[0] }, name = "\u0007" }, 400, "topic_name_bad"),
            (HttpMethod.Post, $"topics/{theme}/split", new { messageIds = new[] { members[0] } }, 400, "topic_not_high"),
            (HttpMethod.Put, $"messages/{ids[0]}/topic", new { topicId = theme }, 400, "topic_not_high"),
            (HttpMethod.Put, $"messages/{ids[0]}/topic", new { topicId = strange }, 404, "topic_not_found"),
            (HttpMethod.Put, $"messages/{ids[0]}/topic", new { }, 400, "topic_id_missing"),
            (HttpMethod.Put, $"messages/{foreign}/topic", new { topicId = topic }, 404, "message_not_found"),
            (HttpMethod.Post, "topics/corrections/none/undo", new { }, 404, "correction_not_found"),
        ];
        foreach (var (method, path, body, status, code) in wrong)
        {
            var (answered, problem) = await _ann.SendAsync(method, $"chat/{_room}/{path}", body);
            Assert.True(((int)answered, problem.Code) == (status, code), $"{method} {path}: {(int)answered} {problem}");
            Assert.True((int)(await _ann.SendAsync(method, $"chat/nowhere/{path}", body)).Status is 400 or 404, path);
            using var stranger = new HttpClient { BaseAddress = server.Address };
            using var request = new HttpRequestMessage(method, $"chat/{_room}/{path}") { Content = System.Net.Http.Json.JsonContent.Create(body) };
            Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.SendAsync(request)).StatusCode);
        }

        Assert.Equal(before, await FiledAsync());
        Assert.Empty(await CorrectionsAsync());
    }

    [Fact]
    public async Task Corrections_made_at_once_all_hold_or_are_refused_whole()
    {
        var ids = await TwoTalksAsync();
        await _ann.DoneAsync<Topic>(HttpMethod.Post, $"chat/{_room}/topics/merge", new { topicIds = await ConversationsAsync() });
        var topic = (await ConversationsAsync())[0];
        var answers = await Task.WhenAll(ids.Select((id, i) => (i % 2 == 0 ? _ann : _bob).SendAsync(HttpMethod.Post, $"chat/{_room}/topics/{topic}/split", new { messageIds = new[] { id } })));

        // Each takes one message away; the last one that is left may not be taken.
        Assert.Equal(ids.Count - 1, answers.Count(answer => answer.Status == HttpStatusCode.Created));
        Assert.Equal("split_bad", Assert.Single(answers, answer => answer.Status != HttpStatusCode.Created).Body.Code);
        var conversations = await ConversationsAsync();
        Assert.Equal(ids.Count, conversations.Count);
        Assert.Equal(ids.Count, (await CorrectionsAsync()).Count);
        foreach (var each in conversations)
            Assert.Equal(1, (await TopicAsync(each)).MessageCount);
    }

    [Fact]
    public async Task A_message_is_moved_where_it_is_already_without_a_correction_and_a_deleted_one_not_at_all()
    {
        var ids = await TwoTalksAsync();
        var topic = (await _ann.AllMessagesAsync(_room))[0].TopicId;
        await _ann.DoneAsync<Message>(HttpMethod.Put, $"chat/{_room}/messages/{ids[0]}/topic", new { topicId = topic });
        Assert.Empty(await CorrectionsAsync());
        await _ann.SendAsync(HttpMethod.Delete, $"chat/{_room}/messages/{ids[0]}");
        var other = (await ConversationsAsync()).First(id => id != topic);
        var (status, problem) = await _bob.SendAsync(HttpMethod.Put, $"chat/{_room}/messages/{ids[0]}/topic", new { topicId = other });
        Assert.Equal((HttpStatusCode.Conflict, "message_deleted"), (status, problem.Code));
        Assert.Empty(await CorrectionsAsync());
    }

    [Fact]
    public async Task A_conversation_that_turned_to_something_else_is_offered_to_be_split_and_never_split_by_itself()
    {
        string[] said =
        [
            "the kernel panics when the nvidia driver loads", "which kernel and which driver version?", "kernel 6.8 and the nvidia driver 550", "blacklist the nouveau driver and reboot the kernel",
            "the nvidia driver needs the kernel headers", "installed the kernel headers, the driver builds now", "reboot then, and look whether the driver loads", "the driver loads, no kernel panic any more",
            "anybody for pizza at lunch?", "pizza yes, the oven at the corner is good", "their pizza dough is too thick for lunch", "lunch with thin dough then, at the other oven",
            "mushrooms on the pizza for me", "mushrooms and cheese, the oven does both", "lunch at noon, I order the pizza", "pizza ordered, mushrooms and cheese, at noon",
        ];
        var ids = new List<string>();
        foreach (var line in said)
            ids.Add((await (ids.Count % 2 == 0 ? _ann : _bob).PostAsync(_room, line, replyTo: ids.Count > 0 ? ids[^1] : null)).Id);
        await _ann.AllClassifiedAsync(_room);
        await using var ears = await _bob.ConnectAsync();
        var heard = Listen(ears, "chat", "topicDrift");
        await ears.AskAsync<Position>("join", _room);

        await LookAgainAsync();
        var topic = Assert.Single(await ConversationsAsync());
        var from = (await TopicAsync(topic)).Drift!.FromMessageId;
        Assert.InRange(ids.IndexOf(from), 7, 9);
        Assert.Equal(new Drifted(_room, topic, from), await NextAsync<Drifted>(heard, "topicDrift"));

        var split = await _ann.DoneAsync<Topic>(HttpMethod.Post, $"chat/{_room}/topics/{topic}/split", new { messageIds = ids.Skip(ids.IndexOf(from)) }, HttpStatusCode.Created);
        await LookAgainAsync();
        foreach (var half in (string[])[topic, split.TopicId])
            Assert.Null((await TopicAsync(half)).Drift);

        // No other offer was made: it would be heard before what is said afterwards.
        await _ann.PostAsync(_room, "who brings the plates?");
        using var patience = new CancellationTokenSource(Eventually.Timeout);
        Assert.Equal("chat", (await heard.Reader.ReadAsync(patience.Token)).Name);
    }

    [Fact]
    public async Task The_quality_of_topics_shows_sizes_corrections_and_doubts()
    {
        var ids = await TwoTalksAsync();
        var topic = (await ConversationsAsync())[0];
        var before = await _ann.GetAsync<Quality>($"chat/{_room}/topics/quality");
        Assert.Equal((0, 0L), (before.Corrections.InForce, before.Links.Unclassified));
        Assert.Equal(8, before.Links.Newest);
        Assert.InRange(before.Links.Judged, 1, 8);
        var count = before.Topics.High;

        var member = (await _ann.AllMessagesAsync(_room)).First(message => message.TopicId == topic).Id;
        await _ann.SendAsync(HttpMethod.Post, $"chat/{_room}/topics/{topic}/split", new { messageIds = new[] { member } });
        await _ann.SendAsync(HttpMethod.Post, $"chat/{_room}/topics/{topic}/split", new { messageIds = new[] { ids[0] } });
        await UndoAsync((await CorrectionsAsync())[0]);
        var after = await _ann.GetAsync<Quality>($"chat/{_room}/topics/quality");
        Assert.Equal(count + (await CorrectionsAsync()).Count(each => each.UndoneAt is null), after.Topics.High);
        var rate = after.Corrections;
        Assert.Equal(1, rate.Undone);
        Assert.Equal(rate.InForce * 125.0, rate.MovedPerThousand);
        Assert.Equal(rate.InForce, after.Singletons - before.Singletons);
        Assert.Equal(HttpStatusCode.NotFound, (await _ann.SendAsync(HttpMethod.Get, "chat/nowhere/topics/quality")).Status);
    }

    /// <summary>Eight messages of two conversations, filed; ann asks about docker, bob talks of lunch, by explicit answers.</summary>
    private async Task<List<string>> TwoTalksAsync()
    {
        var ids = new List<string>();
        async Task SayAsync(ApiClient who, string what, int? answers = null)
            => ids.Add((await who.PostAsync(_room, what, replyTo: answers is { } at ? ids[at] : null)).Id);
        await SayAsync(_ann, "how do I install docker on debian, the package is not found?");
        await SayAsync(_bob, "점심 뭐 먹을까요? 김치찌개 어때요");
        await SayAsync(_bob, "apt install docker.io, then start the service", 0);
        await SayAsync(_ann, "permission denied when I run docker ps", 2);
        await SayAsync(_ann, "김치찌개 좋아요, 몇 시에 갈까요", 1);
        await SayAsync(_bob, "add yourself to the docker group", 3);
        await SayAsync(_bob, "열두 시에 일층에서 만나요", 4);
        await SayAsync(_ann, "네 알겠습니다", 6);
        await _ann.AllClassifiedAsync(_room);
        return ids;
    }

    private Task LookAgainAsync() => _ann.LookAgainAsync(_room);

    private async Task<List<string>> ConversationsAsync()
        => [.. (await _ann.ItemsAsync<Topic>($"chat/{_room}/topics?level=high&limit=100")).Select(topic => topic.TopicId)];

    private async Task<Topic> TopicAsync(string id)
        => (await _ann.ItemsAsync<Topic>($"chat/{_room}/topics?limit=100")).Single(topic => topic.TopicId == id);

    private Task<IReadOnlyList<Correction>> CorrectionsAsync() => _ann.ItemsAsync<Correction>($"chat/{_room}/topics/corrections");

    private async Task<HttpStatusCode> UndoAsync(Correction correction, string? refusedWith = null)
    {
        var (status, answer) = await _bob.SendAsync(HttpMethod.Post, $"chat/{_room}/topics/corrections/{correction.CorrectionId}/undo");
        Assert.Equal(refusedWith, status == HttpStatusCode.OK ? null : answer.Code);
        return status;
    }

    /// <summary>What is filed where, and what the conversations are called and count.</summary>
    private async Task<string> FiledAsync()
    {
        var messages = (await _ann.AllMessagesAsync(_room)).Select(message => string.Create(CultureInfo.InvariantCulture, $"{message.Seq} {message.TopicId}"));
        var topics = (await _ann.ItemsAsync<Topic>($"chat/{_room}/topics?level=high&limit=100"))
            .Select(topic => $"{topic.TopicId} {topic.Name} {topic.MessageCount} {topic.FirstSeq} {topic.LastSeq}");
        return string.Join('\n', messages.Concat(topics));
    }
}
