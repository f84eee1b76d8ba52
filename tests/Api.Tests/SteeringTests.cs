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
    private ApiClient ann = null!;
    private ApiClient bob = null!;
    private string room = null!;

    public async Task InitializeAsync()
    {
        ann = await ApiClient.JoinAsync(server.Address, "ann");
        bob = await ApiClient.JoinAsync(server.Address, "bob");
        room = await ann.OpenRoomAsync("steered");
    }

    public Task DisposeAsync()
    {
        ann.Dispose();
        bob.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_merge_a_split_and_a_move_survive_looking_at_the_whole_room_again()
    {
        var ids = await TwoTalksAsync();
        var topics = await ConversationsAsync();
        Assert.True(topics.Count >= 2, $"{topics.Count} conversations");

        var merged = await ann.DoneAsync<Topic>(HttpMethod.Post, $"chat/{room}/topics/merge", new { topicIds = topics });
        Assert.Equal(topics[0], merged.TopicId);
        Assert.Equal(ids.Count, merged.MessageCount);
        Assert.Equal([topics[0]], await ConversationsAsync());

        var split = await bob.DoneAsync<Topic>(HttpMethod.Post, $"chat/{room}/topics/{topics[0]}/split", new { messageIds = new[] { ids[0], ids[3] }, name = "도커 🐳" }, HttpStatusCode.Created);
        var whale = split.TopicId;
        Assert.Equal(("도커 🐳", "user", 2L), (split.Name, split.NameSource, split.MessageCount));

        var moved = await ann.DoneAsync<Message>(HttpMethod.Put, $"chat/{room}/messages/{ids[5]}/topic", new { topicId = whale });
        Assert.Equal(whale, moved.TopicId);

        async Task AssertBoundAsync()
        {
            var topicOf = (await ann.AllMessagesAsync(room)).ToDictionary(message => message.Id, message => message.TopicId);
            Assert.All(ids, id => Assert.Equal(id == ids[0] || id == ids[3] || id == ids[5] ? whale : topics[0], topicOf[id]));
        }

        await AssertBoundAsync();
        await LookAgainAsync();
        await AssertBoundAsync();
        await ann.PostAsync(room, "docker works now, thank you", replyTo: ids[5]);
        await ann.AllClassifiedAsync(room);
        Assert.Equal(whale, (await ann.AllMessagesAsync(room))[^1].TopicId);
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
        await ann.DoneAsync<Topic>(HttpMethod.Post, $"chat/{room}/topics/merge", new { topicIds = topics });
        await bob.SendAsync(HttpMethod.Post, $"chat/{room}/topics/{topics[0]}/split", new { messageIds = ids.Take(2) });
        await ann.DoneAsync<Topic>(HttpMethod.Patch, $"chat/{room}/topics/{low}", new { name = "mine" });

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
        await using var ears = await bob.ConnectAsync();
        var heard = Listen(ears, "topic", "topics");
        await ears.AskAsync<Position>("join", room);
        var from = (await ann.AllMessagesAsync(room))[0].TopicId;

        var split = await ann.DoneAsync<Topic>(HttpMethod.Post, $"chat/{room}/topics/{from}/split", new { messageIds = new[] { ids[0] } }, HttpStatusCode.Created);
        using var patience = new CancellationTokenSource(Eventually.Timeout);
        var (told, body) = await heard.Reader.ReadAsync(patience.Token);
        Assert.Equal(("topic", new Filed(room, ids[0], split.TopicId, from)), (told, body.As<Filed>()));
        Assert.Equal("topics", (await heard.Reader.ReadAsync(patience.Token)).Name);
    }

    [Fact]
    public async Task Whoever_splits_merges_or_moves_wrongly_is_told_why_and_nothing_changes()
    {
        var ids = await TwoTalksAsync();
        var before = await FiledAsync();
        var topic = (await ConversationsAsync())[0];
        var theme = (await TopicAsync(topic)).ParentId;
        var elsewhere = await ann.OpenRoomAsync("elsewhere");
        var foreign = (await ann.PostAsync(elsewhere, "hello there, anybody?")).Id;
        await ann.AllClassifiedAsync(elsewhere);
        var strange = (await ann.AllMessagesAsync(elsewhere))[0].TopicId;
        var members = (await ann.AllMessagesAsync(room)).Where(message => message.TopicId == topic).Select(message => message.Id).ToArray();
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
            var (answered, problem) = await ann.SendAsync(method, $"chat/{room}/{path}", body);
            Assert.True(((int)answered, problem.Code) == (status, code), $"{method} {path}: {(int)answered} {problem}");
            Assert.True((int)(await ann.SendAsync(method, $"chat/nowhere/{path}", body)).Status is 400 or 404, path);
            using var stranger = new HttpClient { BaseAddress = server.Address };
            using var request = new HttpRequestMessage(method, $"chat/{room}/{path}") { Content = System.Net.Http.Json.JsonContent.Create(body) };
            Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.SendAsync(request)).StatusCode);
        }

        Assert.Equal(before, await FiledAsync());
        Assert.Empty(await CorrectionsAsync());
    }

    [Fact]
    public async Task Corrections_made_at_once_all_hold_or_are_refused_whole()
    {
        var ids = await TwoTalksAsync();
        await ann.DoneAsync<Topic>(HttpMethod.Post, $"chat/{room}/topics/merge", new { topicIds = await ConversationsAsync() });
        var topic = (await ConversationsAsync())[0];
        var answers = await Task.WhenAll(ids.Select((id, i) => (i % 2 == 0 ? ann : bob).SendAsync(HttpMethod.Post, $"chat/{room}/topics/{topic}/split", new { messageIds = new[] { id } })));

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
        var topic = (await ann.AllMessagesAsync(room))[0].TopicId;
        await ann.DoneAsync<Message>(HttpMethod.Put, $"chat/{room}/messages/{ids[0]}/topic", new { topicId = topic });
        Assert.Empty(await CorrectionsAsync());
        await ann.SendAsync(HttpMethod.Delete, $"chat/{room}/messages/{ids[0]}");
        var other = (await ConversationsAsync()).First(id => id != topic);
        var (status, problem) = await bob.SendAsync(HttpMethod.Put, $"chat/{room}/messages/{ids[0]}/topic", new { topicId = other });
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
            ids.Add((await (ids.Count % 2 == 0 ? ann : bob).PostAsync(room, line, replyTo: ids.Count > 0 ? ids[^1] : null)).Id);
        await ann.AllClassifiedAsync(room);
        await using var ears = await bob.ConnectAsync();
        var heard = Listen(ears, "chat", "topicDrift");
        await ears.AskAsync<Position>("join", room);

        await LookAgainAsync();
        var topic = Assert.Single(await ConversationsAsync());
        var from = (await TopicAsync(topic)).Drift!.FromMessageId;
        Assert.InRange(ids.IndexOf(from), 7, 9);
        Assert.Equal(new Drifted(room, topic, from), await NextAsync<Drifted>(heard, "topicDrift"));

        var split = await ann.DoneAsync<Topic>(HttpMethod.Post, $"chat/{room}/topics/{topic}/split", new { messageIds = ids.Skip(ids.IndexOf(from)) }, HttpStatusCode.Created);
        await LookAgainAsync();
        foreach (var half in (string[])[topic, split.TopicId])
            Assert.Null((await TopicAsync(half)).Drift);

        // No other offer was made: it would be heard before what is said afterwards.
        await ann.PostAsync(room, "who brings the plates?");
        using var patience = new CancellationTokenSource(Eventually.Timeout);
        Assert.Equal("chat", (await heard.Reader.ReadAsync(patience.Token)).Name);
    }

    [Fact]
    public async Task The_quality_of_topics_shows_sizes_corrections_and_doubts()
    {
        var ids = await TwoTalksAsync();
        var topic = (await ConversationsAsync())[0];
        var before = await ann.GetAsync<Quality>($"chat/{room}/topics/quality");
        Assert.Equal((0, 0L), (before.Corrections.InForce, before.Links.Unclassified));
        Assert.Equal(8, before.Links.Newest);
        Assert.InRange(before.Links.Judged, 1, 8);
        var count = before.Topics.High;

        var member = (await ann.AllMessagesAsync(room)).First(message => message.TopicId == topic).Id;
        await ann.SendAsync(HttpMethod.Post, $"chat/{room}/topics/{topic}/split", new { messageIds = new[] { member } });
        await ann.SendAsync(HttpMethod.Post, $"chat/{room}/topics/{topic}/split", new { messageIds = new[] { ids[0] } });
        await UndoAsync((await CorrectionsAsync())[0]);
        var after = await ann.GetAsync<Quality>($"chat/{room}/topics/quality");
        Assert.Equal(count + (await CorrectionsAsync()).Count(each => each.UndoneAt is null), after.Topics.High);
        var rate = after.Corrections;
        Assert.Equal(1, rate.Undone);
        Assert.Equal(rate.InForce * 125.0, rate.MovedPerThousand);
        Assert.Equal(rate.InForce, after.Singletons - before.Singletons);
        Assert.Equal(HttpStatusCode.NotFound, (await ann.SendAsync(HttpMethod.Get, "chat/nowhere/topics/quality")).Status);
    }

    /// <summary>Eight messages of two conversations, filed; ann asks about docker, bob talks of lunch, by explicit answers.</summary>
    private async Task<List<string>> TwoTalksAsync()
    {
        var ids = new List<string>();
        async Task SayAsync(ApiClient who, string what, int? answers = null)
            => ids.Add((await who.PostAsync(room, what, replyTo: answers is { } at ? ids[at] : null)).Id);
        await SayAsync(ann, "how do I install docker on debian, the package is not found?");
        await SayAsync(bob, "점심 뭐 먹을까요? 김치찌개 어때요");
        await SayAsync(bob, "apt install docker.io, then start the service", 0);
        await SayAsync(ann, "permission denied when I run docker ps", 2);
        await SayAsync(ann, "김치찌개 좋아요, 몇 시에 갈까요", 1);
        await SayAsync(bob, "add yourself to the docker group", 3);
        await SayAsync(bob, "열두 시에 일층에서 만나요", 4);
        await SayAsync(ann, "네 알겠습니다", 6);
        await ann.AllClassifiedAsync(room);
        return ids;
    }

    private Task LookAgainAsync() => ann.LookAgainAsync(room);

    private async Task<List<string>> ConversationsAsync()
        => [.. (await ann.ItemsAsync<Topic>($"chat/{room}/topics?level=high&limit=100")).Select(topic => topic.TopicId)];

    private async Task<Topic> TopicAsync(string id)
        => (await ann.ItemsAsync<Topic>($"chat/{room}/topics?limit=100")).Single(topic => topic.TopicId == id);

    private Task<IReadOnlyList<Correction>> CorrectionsAsync() => ann.ItemsAsync<Correction>($"chat/{room}/topics/corrections");

    private async Task<HttpStatusCode> UndoAsync(Correction correction, string? refusedWith = null)
    {
        var (status, answer) = await bob.SendAsync(HttpMethod.Post, $"chat/{room}/topics/corrections/{correction.CorrectionId}/undo");
        Assert.Equal(refusedWith, status == HttpStatusCode.OK ? null : answer.Code);
        return status;
    }

    /// <summary>What is filed where, and what the conversations are called and count.</summary>
    private async Task<string> FiledAsync()
    {
        var messages = (await ann.AllMessagesAsync(room)).Select(message => string.Create(CultureInfo.InvariantCulture, $"{message.Seq} {message.TopicId}"));
        var topics = (await ann.ItemsAsync<Topic>($"chat/{room}/topics?level=high&limit=100"))
            .Select(topic => $"{topic.TopicId} {topic.Name} {topic.MessageCount} {topic.FirstSeq} {topic.LastSeq}");
        return string.Join('\n', messages.Concat(topics));
    }
}
