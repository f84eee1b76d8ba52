using System.Net;
using AIChat.Api.Tests.Contract;
using AIChat.Tests;

namespace AIChat.Api.Tests;

/// <summary>A conversation shows what it came to, in words that are in the room now.</summary>
[Collection(OnOneServer.Name)]
public sealed class OutcomeTests(SharedServer server) : IAsyncLifetime
{
    private ApiClient _ann = null!;
    private ApiClient _bob = null!;
    private string _room = null!;

    public async Task InitializeAsync()
    {
        _ann = await ApiClient.JoinAsync(server.Address, "ann");
        _bob = await ApiClient.JoinAsync(server.Address, "bob");
        _room = await _ann.OpenRoomAsync("outcomes");
    }

    public Task DisposeAsync()
    {
        _ann.Dispose();
        _bob.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_talk_shows_what_it_came_to_as_it_goes_on_and_a_theme_shows_nothing()
    {
        var ids = await TalkAsync("where do we eat on Friday?", "the new noodle place is good");
        Assert.Null((await OnlyAsync()).Outcome);

        await SayAsync(ids, "noodles then, I booked a table for six at 7pm on Friday");
        var topic = await SaysAsync("I booked a table for six at 7pm on Friday");
        Assert.Contains(ids[2], topic.Outcome!.Citations);

        await SayAsync(ids, "they are full at 7pm, so it is 8pm on Saturday now, confirmed");
        topic = await SaysAsync("8pm on Saturday");
        Assert.Contains(ids[3], topic.Outcome!.Citations);
        Assert.All(topic.Outcome.Citations, cited => Assert.Contains(cited, ids));

        await _ann.LookAgainAsync(_room);
        Assert.Equivalent(topic.Outcome, (await OnlyAsync()).Outcome, strict: true);
        Assert.All(await _ann.ItemsAsync<Topic>($"chat/{_room}/topics?limit=100"), each => Assert.True(each.Level == "high" || each.Outcome is null));
    }

    [Fact]
    public async Task Words_that_were_edited_or_deleted_are_in_no_outcome_when_the_call_is_answered()
    {
        var ids = await TalkAsync("which gate do we take on Friday?", "the one with the sign, please", "the north gate at 7pm then, confirmed");
        await SaysAsync("north gate");

        await _ann.DoneAsync<Message>(HttpMethod.Patch, $"chat/{_room}/messages/{ids[2]}", new { content = "the south gate at 7pm then, confirmed" });
        var edited = (await OnlyAsync()).Outcome!.Text;
        Assert.Contains("south gate", edited, StringComparison.Ordinal);
        Assert.DoesNotContain("north gate", edited, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.NoContent, (await _ann.SendAsync(HttpMethod.Delete, $"chat/{_room}/messages/{ids[2]}")).Status);
        var outcome = (await OnlyAsync()).Outcome;
        Assert.True(outcome is null || !outcome.Citations.Contains(ids[2]), outcome?.Text);
        await _ann.LookAgainAsync(_room);
        outcome = (await OnlyAsync()).Outcome;
        Assert.True(outcome is null || !outcome.Citations.Contains(ids[2]), outcome?.Text);
    }

    [Fact]
    public async Task Each_half_of_a_talk_that_people_split_has_its_own_outcome_until_the_split_is_undone()
    {
        var ids = await TalkAsync(
            "who brings the projector?", "I can bring the projector on Monday", "projector it is, thank you",
            "and the room for Tuesday?", "the big room is free", "then I booked the big room for Tuesday at 10:00");
        var whole = await SaysAsync("I booked the big room");

        var split = await _ann.DoneAsync<Topic>(
            HttpMethod.Post, $"chat/{_room}/topics/{whole.TopicId}/split", new { messageIds = ids.Skip(3) }, HttpStatusCode.Created);
        Assert.All(split.Outcome!.Citations, cited => Assert.Contains(cited, ids.Skip(3)));
        var rest = (await ConversationsAsync()).Single(topic => topic.TopicId == whole.TopicId);
        Assert.All(rest.Outcome!.Citations, cited => Assert.Contains(cited, ids.Take(3)));

        var correction = (await _ann.ItemsAsync<Correction>($"chat/{_room}/topics/corrections"))[0].CorrectionId;
        await _ann.DoneAsync<Correction>(HttpMethod.Post, $"chat/{_room}/topics/corrections/{correction}/undo");
        Assert.Equivalent(whole.Outcome, (await OnlyAsync()).Outcome, strict: true);

        var moved = await _ann.DoneAsync<Topic>(HttpMethod.Post, $"chat/{_room}/topics/{whole.TopicId}/split", new { messageIds = ids.Take(1) }, HttpStatusCode.Created);
        Assert.Null(moved.Outcome);
        var merged = await _bob.DoneAsync<Topic>(HttpMethod.Post, $"chat/{_room}/topics/merge", new { topicIds = new[] { whole.TopicId, moved.TopicId } });
        Assert.Equivalent(whole.Outcome, merged.Outcome, strict: true);
    }

    [Fact]
    public async Task An_imported_talk_has_its_outcome_after_the_look_that_follows_the_import()
    {
        string[] said = ["점심 어디로 갈까요?", "김치찌개 어때요", "좋아요, 열두 시 반에 정문에서 만나는 걸로 확정!"];
        var transcript = string.Join('\n', said.Select((content, i) => $$"""{"nickname":"{{(i % 2 == 0 ? "민지" : "하은")}}","content":"{{content}}","createdAt":"2026-01-05T03:0{{i}}:00Z"}"""));
        Assert.Equal("succeeded", (await _ann.JobDoneAsync(await _ann.ImportAsync(_room, transcript))).State);
        await _ann.AllClassifiedAsync(_room);
        var talks = (await ConversationsAsync()).Select(topic => topic.TopicId).ToList();
        if (talks.Count > 1)
            await _ann.DoneAsync<Topic>(HttpMethod.Post, $"chat/{_room}/topics/merge", new { topicIds = talks });
        await _ann.LookAgainAsync(_room);
        Assert.Contains("민지: 좋아요, 열두 시 반에 정문에서 만나는 걸로 확정!", (await OnlyAsync()).Outcome!.Text, StringComparison.Ordinal);
    }

    /// <summary>One talk of two people who answer each other explicitly, filed.</summary>
    private async Task<List<string>> TalkAsync(params string[] said)
    {
        var ids = new List<string>();
        foreach (var line in said)
            await SayAsync(ids, line);
        return ids;
    }

    private async Task SayAsync(List<string> ids, string what)
    {
        ids.Add((await (ids.Count % 2 == 0 ? _ann : _bob).PostAsync(_room, what, replyTo: ids.Count > 0 ? ids[^1] : null)).Id);
        await _ann.AllClassifiedAsync(_room);
    }

    private Task<IReadOnlyList<Topic>> ConversationsAsync() => _ann.ItemsAsync<Topic>($"chat/{_room}/topics?level=high&limit=100");

    /// <summary>The only conversation, once its outcome has these words.</summary>
    private async Task<Topic> SaysAsync(string words)
    {
        await Eventually.SeenAsync(async () => (await OnlyAsync()).Outcome?.Text, text => text?.Contains(words, StringComparison.Ordinal) == true, words);
        return await OnlyAsync();
    }

    private async Task<Topic> OnlyAsync() => Assert.Single(await ConversationsAsync());
}
