using System.Net;
using AIChat.Api.Tests.Contract;

namespace AIChat.Api.Tests;

/// <summary>What people do with messages, as a client sees it.</summary>
[Collection(OnOneServer.Name)]
public sealed class MessageTests(SharedServer server) : IAsyncLifetime
{
    private ApiClient _ann = null!;
    private ApiClient _bob = null!;
    private string _room = null!;

    public async Task InitializeAsync()
    {
        (_ann, _bob) = (await ApiClient.JoinAsync(server.Address, "Ann"), await ApiClient.JoinAsync(server.Address, "Bob"));
        _room = await _ann.OpenRoomAsync("tea");
    }

    public Task DisposeAsync()
    {
        _ann.Dispose();
        _bob.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_retry_with_the_same_client_id_finds_the_first_message()
    {
        var first = await _ann.PostAsync(_room, "once", "a-1");
        var (status, again) = await _ann.SendAsync(HttpMethod.Post, "chat/" + _room, new { content = "once", clientMessageId = "a-1" });
        Assert.Equal((HttpStatusCode.OK, first.Id), (status, again.As<Message>().Id));
        var (conflict, problem) = await _ann.SendAsync(HttpMethod.Post, "chat/" + _room, new { content = "twice", clientMessageId = "a-1" });
        Assert.Equal((HttpStatusCode.Conflict, "client_message_id_reused"), (conflict, problem.Code));
        Assert.Equal(2, (await _bob.PostAsync(_room, "twice", "a-1")).Seq);
        Assert.Equal(2, (await _ann.AllMessagesAsync(_room)).Count);
    }

    [Fact]
    public async Task A_sending_repeated_at_the_same_moment_is_stored_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _ann.SendAsync(HttpMethod.Post, "chat/" + _room, new { content = "now", clientMessageId = "same" })));
        Assert.Equal(1, answers.Count(answer => answer.Status == HttpStatusCode.Created));
        Assert.Equal(19, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.Single(await _ann.AllMessagesAsync(_room));
    }

    [Fact]
    public async Task Pages_go_both_ways_without_gaps_or_repeats()
    {
        for (var i = 1; i <= 23; i++)
            await _ann.PostAsync(_room, $"number {i}");

        Assert.Equal(Numbers(1, 23), await WalkAsync("after=0&limit=5", forward: true));
        Assert.Equal(Numbers(1, 23), await WalkAsync("limit=5", forward: false));
        Assert.Equal(Numbers(1, 9), await WalkAsync("before=10&limit=4", forward: false));
    }

    [Fact]
    public async Task Search_finds_parts_of_words_in_any_script_until_they_are_taken_back()
    {
        await _ann.PostAsync(_room, "내일 회의실에서 발표자료를 봅시다");
        var stew = await _ann.PostAsync(_room, "점심은 김치찌개가 좋아요 🎉🎊");
        await _ann.PostAsync(_room, "The Deployment failed again: see issue #42, C++ & co.");
        await _ann.PostAsync(_room, "cafe\u0301 at noon");

        Assert.Equal([1], await FoundAsync("회의"));
        Assert.Equal([1], await FoundAsync("발표 회의실"));
        Assert.Equal([2], await FoundAsync("찌개"));
        Assert.Equal([2], await FoundAsync("🎉🎊"));
        Assert.Equal([2], await FoundAsync("찌"));
        Assert.Equal([3], await FoundAsync("deploy"));
        Assert.Equal([3], await FoundAsync("#42"));
        Assert.Equal([3], await FoundAsync("c++"));
        Assert.Equal([4], await FoundAsync("CAFÉ"));
        Assert.Empty(await FoundAsync("저녁"));
        Assert.Empty(await FoundAsync("%"));
        Assert.Empty(await FoundAsync("\" OR *"));

        await _ann.SendAsync(HttpMethod.Patch, $"chat/{_room}/messages/{stew.Id}", new { content = "냉면" });
        Assert.Empty(await FoundAsync("찌개"));
        Assert.Equal([2], await FoundAsync("냉면"));
        await _ann.SendAsync(HttpMethod.Delete, $"chat/{_room}/messages/{stew.Id}");
        Assert.Empty(await FoundAsync("냉면"));

        async Task<List<long>> FoundAsync(string query) => SeqsOf(await _ann.ItemsAsync<Message>($"chat/{_room}/messages?q={Uri.EscapeDataString(query)}"));
    }

    [Fact]
    public async Task An_edit_changes_the_words_and_a_deletion_leaves_a_tombstone()
    {
        var id = (await _ann.PostAsync(_room, "frist")).Id;
        var edited = (await _ann.SendAsync(HttpMethod.Patch, $"chat/{_room}/messages/{id}", new { content = "first" })).Body.As<Message>();
        Assert.Equal("first", edited.Content);
        Assert.NotNull(edited.EditedAt);
        await _ann.PostAsync(_room, "second");
        Assert.Equal(HttpStatusCode.NoContent, (await _ann.SendAsync(HttpMethod.Delete, $"chat/{_room}/messages/{id}")).Status);

        var all = await _ann.AllMessagesAsync(_room);
        Assert.Equal([1L, 2], all.Select(message => message.Seq));
        Assert.Null(all[0].Content);
        Assert.NotNull(all[0].DeletedAt);
    }

    [Fact]
    public async Task Read_marks_move_forward_only_and_count_what_others_said_since()
    {
        for (var i = 1; i <= 5; i++)
            await _ann.PostAsync(_room, $"number {i}");
        Assert.Equal(5, await UnreadAsync(_bob));
        Assert.Equal(0, await UnreadAsync(_ann));
        Assert.Equal(3, await ReadAsync(3));
        Assert.Equal(2, await UnreadAsync(_bob));
        Assert.Equal(3, await ReadAsync(1));
        Assert.Equal(5, await ReadAsync(1_000_000));
        Assert.Equal(0, await UnreadAsync(_bob));

        async Task<long> ReadAsync(long seq)
        {
            var (status, mark) = await _bob.SendAsync(HttpMethod.Post, $"chat/{_room}/read", new { seq });
            Assert.Equal(HttpStatusCode.OK, status);
            return mark.As<ReadMark>().Seq;
        }

        async Task<long> UnreadAsync(ApiClient reader) => (await reader.GetAsync<EnteredRoom>("chat/" + _room)).Room.UnreadCount;
    }

    [Fact]
    public async Task A_name_may_hold_an_emoji_and_stand_anywhere()
    {
        using var fox = await ApiClient.JoinAsync(server.Address, "여우🦊");
        await fox.PostAsync(_room, "hello");
        foreach (var content in (string[])["@여우🦊 안녕 🍲", "🍲@여우🦊", "@여우🦊", "@여우🦊야 안녕".Normalize(System.Text.NormalizationForm.FormD)])
            Assert.Equal(fox.UserId, Assert.Single((await _bob.PostAsync(_room, content)).Mentions).UserId);
    }

    [Fact]
    public async Task A_reply_names_what_it_answers_and_a_mention_whom_it_calls()
    {
        var question = (await _ann.PostAsync(_room, "who has the key?")).Id;
        var answer = await _bob.PostAsync(_room, "@Ann야 I have", replyTo: question);
        Assert.Equal(question, answer.ReplyTo);
        Assert.Equal(_ann.UserId, Assert.Single(answer.Mentions).UserId);
    }

    [Fact]
    public async Task What_is_said_comes_back_as_it_was_said()
    {
        string[] said = [new('가', 4000), "👩‍👩‍👧‍👦 🇰🇷", "<script>alert(1)</script> [x](javascript:alert(1))", "  two\n\nlines\t", "e\u0301 ﷽ \u202eabc", "'; DROP TABLE messages; --"];
        foreach (var text in said)
            await _ann.PostAsync(_room, text);
        Assert.Equal(said, (await _bob.AllMessagesAsync(_room)).Select(message => message.Content));
    }

    [Fact]
    public async Task A_summary_of_what_is_unread_covers_just_that_and_nobody_gets_one_of_a_room_that_is_not_there()
    {
        for (var i = 1; i <= 6; i++)
            await _ann.PostAsync(_room, $"The meeting about the budget moved to day {i}, please check the plan.");
        await _bob.SendAsync(HttpMethod.Post, $"chat/{_room}/read", new { seq = 4 });

        var (status, summary) = await _bob.SendAsync(HttpMethod.Post, "chat/summary", new { channelId = _room, since = "unread" });
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((await _bob.AllMessagesAsync(_room)).Skip(4).Select(message => message.Id), summary.As<Summary>().Messages);
        Assert.Equal(HttpStatusCode.NotFound, (await _bob.SendAsync(HttpMethod.Post, "chat/summary", new { channelId = "nowhere" })).Status);
    }

    private static IEnumerable<long> Numbers(int first, int last) => Enumerable.Range(first, last - first + 1).Select(number => (long)number);

    private static List<long> SeqsOf(IReadOnlyList<Message> messages) => [.. messages.Select(message => message.Seq)];

    private async Task<List<long>> WalkAsync(string query, bool forward)
    {
        var seen = new List<long>();
        string? cursor = null;
        do
        {
            var page = await _ann.GetAsync<Page<Message>>(cursor is null ? $"chat/{_room}/messages?{query}" : $"chat/{_room}/messages?limit=5&cursor={Uri.EscapeDataString(cursor)}");
            seen.InsertRange(forward ? seen.Count : 0, SeqsOf(page.Items));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return seen;
    }
}
