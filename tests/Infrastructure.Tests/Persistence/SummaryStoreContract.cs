using AIChat.Domain.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Users;

namespace AIChat.Infrastructure.Tests.Persistence;

public abstract class SummaryStoreContract(StoreFixture store) : StoreContract(store)
{
    private static readonly RoomId Room = new("room");
    private static readonly UserId Ann = new("ann");
    private static readonly UserId Bob = new("bob");

    [Fact]
    public async Task A_summary_is_found_by_its_request_and_fingerprint()
    {
        var summary = await SaveAsync("20|high|ko", "f1", 3, 9, "{\"content\":\"김치 🌶\"}");
        var found = await Store.Summaries.FindAsync(Room, "20|high|ko", "f1", null, Never);
        Assert.NotNull(found);
        Assert.Equal((summary.Id, Room, 3L, 9L, summary.Body, Store.Now), (found.Id, found.RoomId, found.FirstSeq, found.LastSeq, found.Body, found.CreatedAt));
        Assert.Null(found.Reader);
        Assert.Null(await Store.Summaries.FindAsync(Room, "20|high|ko", "f2", null, Never));
        Assert.Null(await Store.Summaries.FindAsync(Room, "10|high|ko", "f1", null, Never));
        Assert.Null(await Store.Summaries.FindAsync(new RoomId("another"), "20|high|ko", "f1", null, Never));
    }

    [Fact]
    public async Task A_readers_own_summary_is_for_that_reader_alone()
    {
        var own = await SaveAsync("unread", "f", reader: Ann);
        Assert.Equal(own.Id, (await Store.Summaries.FindAsync(Room, "unread", "f", Ann, Never))?.Id);
        Assert.Null(await Store.Summaries.FindAsync(Room, "unread", "f", Bob, Never));
        Assert.Null(await Store.Summaries.FindAsync(Room, "unread", "f", null, Never));
        Assert.Equal(own.Id, (await Store.Summaries.LatestAsync(Room, Ann, Never))?.Id);
        Assert.Null(await Store.Summaries.LatestAsync(Room, Bob, Never));
    }

    [Fact]
    public async Task The_newest_that_one_may_see_is_the_latest()
    {
        Assert.Null(await Store.Summaries.LatestAsync(Room, Ann, Never));
        await SaveAsync("a", "f");
        var common = await SaveAsync("b", "f");
        var bobs = await SaveAsync("c", "f", reader: Bob);
        Assert.Equal(common.Id, (await Store.Summaries.LatestAsync(Room, Ann, Never))?.Id);
        Assert.Equal(bobs.Id, (await Store.Summaries.LatestAsync(Room, Bob, Never))?.Id);
    }

    [Fact]
    public async Task A_new_answer_replaces_the_same_readers_earlier_one_to_the_same_request()
    {
        await SaveAsync("unread", "old");
        await SaveAsync("unread", "old", reader: Ann);
        await SaveAsync("another", "old");
        await SaveAsync("unread", "new");
        Assert.Null(await Store.Summaries.FindAsync(Room, "unread", "old", null, Never));
        Assert.NotNull(await Store.Summaries.FindAsync(Room, "unread", "new", null, Never));
        Assert.NotNull(await Store.Summaries.FindAsync(Room, "unread", "old", Ann, Never));
        Assert.NotNull(await Store.Summaries.FindAsync(Room, "another", "old", null, Never));
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(5, false)]
    [InlineData(9, false)]
    [InlineData(10, true)]
    public async Task A_summary_goes_with_the_words_of_a_message_that_it_covers(long seq, bool stays)
    {
        await SaveAsync("r", "f", 3, 9);
        await Store.Summaries.DropCoveringAsync(new RoomId("another"), 5, Never);
        await Store.Summaries.DropCoveringAsync(Room, seq, Never);
        Assert.Equal(stays, await Store.Summaries.FindAsync(Room, "r", "f", null, Never) is not null);
    }

    [Fact]
    public async Task A_summary_is_found_by_its_id_by_whoever_may_see_it()
    {
        var common = await SaveAsync("a", "f");
        var anns = await SaveAsync("b", "f", reader: Ann);
        Assert.NotNull(await Store.Summaries.FindAsync(Room, common.Id, Bob, Never));
        Assert.NotNull(await Store.Summaries.FindAsync(Room, anns.Id, Ann, Never));
        Assert.Null(await Store.Summaries.FindAsync(Room, anns.Id, Bob, Never));
        Assert.Null(await Store.Summaries.FindAsync(new RoomId("another"), common.Id, Ann, Never));
    }

    [Fact]
    public async Task Of_two_with_the_same_id_the_first_one_stays()
    {
        Assert.True(await SaveDigestAsync("first"));
        Assert.False(await SaveDigestAsync("second"));
        Assert.Equal("first", (await Store.Summaries.LatestAsync(Room, Ann, Never))?.Body);
        var together = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => SaveDigestAsync($"body {n}", "digest-2")));
        Assert.Single(together, stored => stored);

        Task<bool> SaveDigestAsync(string body, string id = "digest-1") => Store.Summaries.SaveAsync(Summary.Of(new SummaryId(id), Room, "digest", "f", 1, 2, body, null, Store.Now), Never);
    }

    [Fact]
    public async Task A_part_is_found_by_its_id_in_its_room_until_it_is_outdated_or_a_message_of_it_changes()
    {
        await SavePartAsync("old", 1, 2);
        Store.Time.Advance(TimeSpan.FromDays(2));
        await SavePartAsync("near", 1, 4);
        await SavePartAsync("far", 5, 9);
        await SavePartAsync("far", 5, 9);
        Assert.Equal(["far", "near"], await PartsAsync());
        Assert.Empty(await Store.Summaries.PartsAsync(new RoomId("another"), ["near", "far"], Never));
        await Store.Summaries.DropCoveringAsync(Room, 4, Never);
        Assert.Equal(["far"], await PartsAsync());
    }

    [Fact]
    public async Task What_somebody_changed_who_died_before_dropping_what_covers_it_goes_at_the_next_start()
    {
        var room = await Store.OpenRoomAsync();
        var ann = await Store.JoinAsync();
        var said = new[] { await Store.PostAsync(room, ann, "one"), await Store.PostAsync(room, ann, "two"), await Store.PostAsync(room, ann, "three") };
        await Store.EditAsync(said[2], "before it was read");
        Store.Time.Advance(TimeSpan.FromSeconds(1));
        foreach (var (message, name) in said.Zip((string[])["one", "two", "three"]))
        {
            await Store.Summaries.SavePartAsync(SummaryPart.Of(name, room.Id, message.Seq, message.Seq, "{}", Store.Now), default, Never);
            await Store.Summaries.SaveAsync(Summary.Of(new SummaryId(Store.NewId()), room.Id, name, "f", message.Seq, message.Seq, "{}", null, Store.Now), Never);
        }

        Store.Time.Advance(TimeSpan.FromSeconds(1));
        await Store.DeleteAsync(said[0]);
        await Store.EditAsync(said[1], "afterwards");
        await Store.Summaries.DropChangedAsync(Never);
        Assert.Equal("three", Assert.Single(await Store.Summaries.PartsAsync(room.Id, ["one", "two", "three"], Never)).Id);
        Assert.Null(await Store.Summaries.FindAsync(room.Id, "one", "f", null, Never));
        Assert.Null(await Store.Summaries.FindAsync(room.Id, "two", "f", null, Never));
        Assert.NotNull(await Store.Summaries.FindAsync(room.Id, "three", "f", null, Never));
    }

    [Fact]
    public async Task A_person_has_one_vote_on_a_point_and_votes_count_by_engine()
    {
        var summary = await SaveAsync("a", "f");
        await VoteAsync(Ann, null, "extractive", isUp: true);
        await VoteAsync(Ann, null, "extractive", isUp: false);
        await VoteAsync(Ann, "high/0/0", "openai:m", isUp: true);
        await VoteAsync(Bob, null, "extractive", isUp: true);
        Assert.Equal([new EngineVotes("extractive", 1, 1), new EngineVotes("openai:m", 1, 0)], await Store.Summaries.VotesAsync(Room, Never));
        Assert.Empty(await Store.Summaries.VotesAsync(new RoomId("another"), Never));

        Task VoteAsync(UserId by, string? point, string engine, bool isUp) => Store.Summaries.SaveVoteAsync(SummaryVote.Of(summary, by, point, engine, isUp, " why ", Store.Now), Never);
    }

    private Task SavePartAsync(string id, long first, long last) => Store.Summaries.SavePartAsync(SummaryPart.Of(id, Room, first, last, "{}", Store.Now), Store.Now.AddDays(-1), Never);

    private async Task<IEnumerable<string>> PartsAsync() => (await Store.Summaries.PartsAsync(Room, ["old", "near", "far"], Never)).Select(part => part.Id).Order();

    private async Task<Summary> SaveAsync(string request, string fingerprint, long first = 1, long last = 2, string body = "{}", UserId? reader = null)
    {
        Store.Time.Advance(TimeSpan.FromSeconds(1));
        var summary = Summary.Of(new SummaryId(Store.NewId()), Room, request, fingerprint, first, last, body, reader, Store.Now);
        await Store.Summaries.SaveAsync(summary, Never);
        return summary;
    }
}
