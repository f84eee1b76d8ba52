using System.Text;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Tests.Persistence;

public abstract class SearchContract(StoreFixture store) : StoreContract(store)
{
    [Theory]
    [InlineData("김치찌개가 맛있다", "김치")]
    [InlineData("김치찌개가 맛있다", "치찌개")]
    [InlineData("김치찌개가 맛있다", "가")]
    [InlineData("김치찌개가 맛있다", "김")]
    [InlineData("김치찌개가 맛있다", "찌")]
    [InlineData("김치찌개가 맛있다", "맛 김치")]
    [InlineData("the wireless network is down", "net")]
    [InlineData("the wireless network is down", "WORK wire")]
    [InlineData("The KERNEL panics", "kernel")]
    [InlineData("ΟΔΥΣΣΕΥΣ", "οδυσσευς")]
    [InlineData("Наш ЧАТ", "чат")]
    [InlineData("party 🎉🎊 tonight", "🎉")]
    [InlineData("party 🎉🎊 tonight", "🎉🎊")]
    [InlineData("a 👩‍👩‍👧 family", "👩‍👩‍👧")]
    [InlineData("東京タワーへ行く", "京タ")]
    [InlineData("see http://example.org/a?b=c", "example.org/a?b")]
    [InlineData("C++ and x", "x")]
    [InlineData("one\ttab\nline", "line tab")]
    public async Task Words_are_found(string content, string query)
    {
        var (ann, room) = (await Store.JoinAsync(), await Store.OpenRoomAsync());
        await Store.PostAsync(room, ann, "nothing to see");
        var message = await Store.PostAsync(room, ann, content);
        Assert.Equal([message.Seq], await FindAsync(room, query));
    }

    [Theory]
    [InlineData("김치찌개가 맛있다", "김찌")]
    [InlineData("김치찌개가 맛있다", "김치 라면")]
    [InlineData("banana", "bananana")]
    [InlineData("ab bc", "abc")]
    [InlineData("abc bcd", "abcd")]
    public async Task What_was_not_written_is_not_found(string content, string query)
    {
        var (ann, room) = (await Store.JoinAsync(), await Store.OpenRoomAsync());
        await Store.PostAsync(room, ann, content);
        Assert.Empty(await FindAsync(room, query));
    }

    [Fact]
    public async Task All_of_several_words_are_needed_in_any_order()
    {
        var (ann, room) = (await Store.JoinAsync(), await Store.OpenRoomAsync());
        foreach (var content in (string[])["red apple", "green apple", "apple is red", "red"])
            await Store.PostAsync(room, ann, content);
        Assert.Equal([3, 1], await FindAsync(room, "apple red"));
    }

    [Fact]
    public async Task Composed_and_decomposed_spellings_find_each_other()
    {
        var (ann, room) = (await Store.JoinAsync(), await Store.OpenRoomAsync());
        await Store.PostAsync(room, ann, "김치 café".Normalize(NormalizationForm.FormD));
        await Store.PostAsync(room, ann, "김치 café".Normalize(NormalizationForm.FormC));
        foreach (var form in (NormalizationForm[])[NormalizationForm.FormC, NormalizationForm.FormD])
        {
            Assert.Equal([2, 1], await FindAsync(room, "김치".Normalize(form)));
            Assert.Equal([2, 1], await FindAsync(room, "CAFÉ".Normalize(form)));
        }
    }

    [Fact]
    public async Task The_newest_come_first_and_the_next_page_begins_before_the_last()
    {
        var (ann, room) = (await Store.JoinAsync(), await Store.OpenRoomAsync());
        for (var i = 0; i < 5; i++)
        {
            await Store.PostAsync(room, ann, "apple");
            await Store.PostAsync(room, ann, "pear");
        }

        Assert.Equal([9, 7], await FindAsync(room, "apple", limit: 2));
        Assert.Equal([5, 3], await FindAsync(room, "apple", before: 7, limit: 2));
        Assert.Equal([1], await FindAsync(room, "apple", before: 3));
        Assert.Empty(await FindAsync(room, "apple", before: 1));
        Assert.Equal([9], await FindAsync(room, "apple", before: 1000, limit: 1));
    }

    [Fact]
    public async Task Matches_behind_many_that_only_look_like_it_are_found()
    {
        var (ann, room) = (await Store.JoinAsync(), await Store.OpenRoomAsync());
        await Store.PostAsync(room, ann, "abcd");
        Expect.Value(await Store.Messages.AppendAsync(room.Id, [.. Enumerable.Range(0, 450).Select(i => Store.Draft(room, ann, $"abc bcd {i}"))], Never));
        Assert.Equal([1], await FindAsync(room, "abcd"));
    }

    [Fact]
    public async Task Another_rooms_words_are_not_found()
    {
        var (ann, here, there) = (await Store.JoinAsync(), await Store.OpenRoomAsync(), await Store.OpenRoomAsync());
        await Store.PostAsync(here, ann, "apple 김치");
        await Store.PostAsync(there, ann, "pear");
        Assert.Empty(await FindAsync(there, "apple"));
        Assert.Empty(await FindAsync(there, "김"));
        Assert.Single(await FindAsync(here, "apple"));
        Assert.Empty(await Store.Messages.SearchAsync(new RoomId("none"), ["apple"], null, null, 9, Never));
    }

    [Fact]
    public async Task Pages_are_right_where_rooms_take_turns()
    {
        var (ann, here, there) = (await Store.JoinAsync(), await Store.OpenRoomAsync(), await Store.OpenRoomAsync());
        for (var i = 0; i < 4; i++)
        {
            await Store.PostAsync(here, ann, "apple");
            await Store.PostAsync(there, ann, "apple");
        }

        Assert.Equal([2, 1], await FindAsync(here, "apple", before: 3));
        Assert.Equal([3, 2, 1], await FindAsync(there, "apple", before: 4));
    }

    [Fact]
    public async Task Words_that_were_edited_away_or_deleted_are_not_found()
    {
        var (ann, room) = (await Store.JoinAsync(), await Store.OpenRoomAsync());
        var (edited, deleted) = (await Store.PostAsync(room, ann, "old apple"), await Store.PostAsync(room, ann, "apple pie"));
        await Store.EditAsync(edited, "new pear");
        await Store.DeleteAsync(deleted);
        Assert.Empty(await FindAsync(room, "apple"));
        Assert.Empty(await FindAsync(room, "old"));
        Assert.Empty(await FindAsync(room, "pie"));
        Assert.Equal([1], await FindAsync(room, "pear"));
        await Store.EditAsync(edited, "old apple");
        Assert.Equal([1], await FindAsync(room, "apple"));
    }

    [Fact]
    public async Task Only_the_wanted_topics_are_searched()
    {
        var (ann, room) = (await Store.JoinAsync(), await Store.OpenRoomAsync());
        var messages = new List<Message>();
        for (var i = 0; i < 4; i++)
            messages.Add(await Store.PostAsync(room, ann, "apple"));
        Topic[] topics = [.. ((string[])["a", "b"]).Select(id => Topic.Open(new TopicId(id), room.Id, TopicLevel.High, null, new TopicName(id, [])))];
        TopicAssignment[] assignments = [.. ((string[])["a", "b", "a"]).Select((id, i) => new TopicAssignment(messages[i].Id, new TopicId(id), null, null))];
        Assert.True(await Store.Topics.SaveAssignmentsAsync(await Store.LeaseAsync(room), assignments, topics, Never));
        Assert.Equal([3, 1], await FindAsync(room, "apple", topics: ["a"]));
        Assert.Equal([3, 2, 1], await FindAsync(room, "apple", topics: ["a", "b"]));
        Assert.Empty(await FindAsync(room, "apple", topics: []));
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("*")]
    [InlineData("\" * AND NEAR( -")]
    [InlineData("a* OR b")]
    [InlineData("^a")]
    [InlineData("terms:a")]
    [InlineData("a + b")]
    [InlineData("{a b}")]
    [InlineData("NOT abc")]
    [InlineData("'; DROP TABLE messages; --")]
    [InlineData("$1 @p0 .* [a-z] \\")]
    [InlineData("%")]
    [InlineData("_")]
    public async Task Signs_that_mean_something_to_a_database_are_only_text(string query)
    {
        var (ann, room) = (await Store.JoinAsync(), await Store.OpenRoomAsync());
        await Store.PostAsync(room, ann, "abc and all else");
        var message = await Store.PostAsync(room, ann, "it says " + query + " here");
        Assert.Equal([message.Seq], await FindAsync(room, query));
    }

    private async Task<IEnumerable<long>> FindAsync(Room room, string query, long? before = null, string[]? topics = null, int limit = 10)
        => (await Store.Messages.SearchAsync(
            room.Id, SearchTerms.Words(SearchTerms.Fold(query)), before, topics?.Select(id => new TopicId(id)).ToList(), limit, Never)).Select(message => message.Seq);
}
