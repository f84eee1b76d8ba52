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

    private async Task<Summary> SaveAsync(string request, string fingerprint, long first = 1, long last = 2, string body = "{}", UserId? reader = null)
    {
        Store.Time.Advance(TimeSpan.FromSeconds(1));
        var summary = Summary.Of(new SummaryId(Store.NewId()), Room, request, fingerprint, first, last, body, reader, Store.Now);
        await Store.Summaries.SaveAsync(summary, Never);
        return summary;
    }
}
