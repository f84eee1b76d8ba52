using AIChat.Domain.Rooms;
using AIChat.Domain.Users;

namespace AIChat.Infrastructure.Tests.Persistence;

public abstract class RoomStoreContract(StoreFixture store) : StoreContract(store)
{
    [Fact]
    public async Task A_room_is_found_as_it_was_stored()
    {
        var room = await Store.OpenRoomAsync("맛집 🍲");
        var found = await Store.ReloadAsync(room);
        Assert.Equal(("맛집 🍲", new UserId("owner"), Store.Now, Store.Now), (found.Name, found.CreatedBy, found.CreatedAt, found.LastActiveAt));
        Assert.Equal((0L, 0L, 0L), (found.LastSeq, found.Rev, found.MessageCount));
        Assert.Null(await Store.Rooms.FindAsync(new RoomId("none"), Never));
    }

    [Fact]
    public async Task The_most_recently_active_room_comes_first()
    {
        var ann = await Store.JoinAsync();
        var (first, second, third) = (await OpenLaterAsync("one"), await OpenLaterAsync("two"), await OpenLaterAsync("three"));
        Store.Time.Advance(TimeSpan.FromSeconds(1));
        await Store.PostAsync(first, ann, "hello");
        Assert.Equal([first.Id, third.Id, second.Id], await IdsAsync(new RoomsByActivity(null, null, 10)));
        Assert.Equal(Store.Now, (await Store.ReloadAsync(first)).LastActiveAt);
    }

    [Fact]
    public async Task Pages_hold_each_room_once_also_where_times_are_alike()
    {
        var opened = new List<RoomId>();
        for (var i = 0; i < 7; i++)
        {
            if (i % 3 == 0)
                Store.Time.Advance(TimeSpan.FromSeconds(1));
            opened.Add((await Store.OpenRoomAsync($"room {i}")).Id);
        }

        var listed = new List<RoomId>();
        (DateTimeOffset LastActiveAt, RoomId Id)? after = null;
        for (var pages = 0; pages < 10; pages++)
        {
            var page = await Store.Rooms.ListAsync(new RoomsByActivity(null, after, 2), Never);
            Assert.True(page.Count <= 2);
            if (page.Count == 0)
                break;
            listed.AddRange(page.Select(room => room.Id));
            after = (page[^1].LastActiveAt, page[^1].Id);
        }

        opened.Reverse();
        Assert.Equal(opened, listed);
    }

    [Theory]
    [InlineData("kernel", "Kernel talk")]
    [InlineData("KERNEL", "Kernel talk")]
    [InlineData(" Talk ", "Kernel talk")]
    [InlineData("김치", "맛있는 김치찌개")]
    [InlineData("치", "맛있는 김치찌개")]
    [InlineData("ЧАТ", "наш Чат")]
    [InlineData("école", "ÉCOLE")]
    [InlineData("100%", "100% sure_")]
    [InlineData("e_", "100% sure_")]
    public async Task A_name_is_found_by_a_part_of_it_without_regard_to_case(string part, string name)
    {
        foreach (var each in (string[])["Kernel talk", "맛있는 김치찌개", "наш Чат", "ÉCOLE", "100% sure_", "1000 surely"])
            await Store.OpenRoomAsync(each);
        var found = await Store.Rooms.ListAsync(new RoomsByActivity(part, null, 10), Never);
        Assert.Equal([name], found.Select(room => room.Name));
    }

    [Fact]
    public async Task A_blank_name_filter_is_none()
    {
        await Store.OpenRoomAsync();
        Assert.Single(await Store.Rooms.ListAsync(new RoomsByActivity("  ", null, 10), Never));
    }

    [Fact]
    public async Task A_read_mark_goes_forward_and_never_back()
    {
        var (ann, room) = (await Store.JoinAsync(), await Store.OpenRoomAsync());
        Assert.Equal(new ReadMark(0, false), await Store.Rooms.MoveReadMarkAsync(ann.Id, room.Id, 0, Never));
        Assert.Equal(new ReadMark(5, true), await Store.Rooms.MoveReadMarkAsync(ann.Id, room.Id, 5, Never));
        Assert.Equal(new ReadMark(5, false), await Store.Rooms.MoveReadMarkAsync(ann.Id, room.Id, 3, Never));
        Assert.Equal(new ReadMark(5, false), await Store.Rooms.MoveReadMarkAsync(ann.Id, room.Id, 5, Never));
        Assert.Equal(5, (await Store.Rooms.ReadMarksAsync(ann.Id, [room.Id], Never))[room.Id]);
    }

    [Fact]
    public async Task Marks_that_arrive_together_leave_the_highest()
    {
        var (ann, room) = (await Store.JoinAsync(), await Store.OpenRoomAsync());
        await Task.WhenAll(((long[])[4, 9, 2, 7, 8, 1, 3, 6]).Select(seq => Store.Rooms.MoveReadMarkAsync(ann.Id, room.Id, seq, Never)));
        Assert.Equal(9, (await Store.Rooms.ReadMarksAsync(ann.Id, [room.Id], Never))[room.Id]);
    }

    [Fact]
    public async Task Marks_belong_to_one_person_and_one_room()
    {
        var (ann, bob) = (await Store.JoinAsync("Ann"), await Store.JoinAsync("Bob"));
        var (here, there) = (await Store.OpenRoomAsync(), await Store.OpenRoomAsync());
        await Store.Rooms.MoveReadMarkAsync(ann.Id, here.Id, 2, Never);
        await Store.Rooms.MoveReadMarkAsync(bob.Id, here.Id, 7, Never);
        var marks = await Store.Rooms.ReadMarksAsync(ann.Id, [here.Id, there.Id], Never);
        Assert.Equal(2, marks[here.Id]);
        Assert.Equal(0, marks.GetValueOrDefault(there.Id));
    }

    [Fact]
    public async Task A_digest_is_planned_marked_forward_and_called_off()
    {
        var (room, other) = (await Store.OpenRoomAsync(), await Store.OpenRoomAsync());
        var plan = Expect.Value(SummarySchedule.Of(SummaryCadence.Daily, 7, "Asia/Seoul"));
        room.ScheduleSummaries(plan, Store.Now);
        await Store.Rooms.SaveSummaryScheduleAsync(room, Never);
        var planned = Assert.Single(await Store.Rooms.ListAsync(new RoomsWithSummarySchedule(), Never));
        Assert.Equal((room.Id, plan, plan.LastBefore(Store.Now)?.Until), (planned.Id, planned.Digest, planned.DigestedUpTo));

        await Store.Rooms.MarkDigestedAsync(room.Id, Store.Now, Never);
        await Store.Rooms.MarkDigestedAsync(room.Id, Store.Now.AddHours(-1), Never);
        await Store.Rooms.MarkDigestedAsync(other.Id, Store.Now, Never);
        Assert.Equal(Store.Now, (await Store.ReloadAsync(room)).DigestedUpTo);
        Assert.Null((await Store.ReloadAsync(other)).DigestedUpTo);

        room.ScheduleSummaries(SummarySchedule.Off, Store.Now);
        await Store.Rooms.SaveSummaryScheduleAsync(room, Never);
        Assert.Empty(await Store.Rooms.ListAsync(new RoomsWithSummarySchedule(), Never));
        Assert.Null((await Store.ReloadAsync(room)).Digest);
        await Store.Rooms.MarkDigestedAsync(room.Id, Store.Now, Never);
        Assert.Null((await Store.ReloadAsync(room)).DigestedUpTo);
    }

    [Fact]
    public async Task A_language_model_is_switched_on_and_goes_forward_from_where_it_stood()
    {
        var (room, other) = (await Store.OpenRoomAsync(), await Store.OpenRoomAsync());
        room.FileTopicsBy(TopicsBy.Model);
        await Store.Rooms.SaveTopicsByAsync(room, Never);
        Assert.Equal((TopicsBy.Model, 1L, 0L), Of(await Store.ReloadAsync(room)));

        await Store.Rooms.AdvanceModelAsync(room.Id, 0, 7, Never);
        await Store.Rooms.AdvanceModelAsync(room.Id, 0, 9, Never);
        Assert.Equal((TopicsBy.Model, 1L, 7L), Of(await Store.ReloadAsync(room)));
        Assert.Equal((TopicsBy.Local, 0L, 0L), Of(await Store.ReloadAsync(other)));

        static (TopicsBy, long, long) Of(Room room) => (room.TopicsBy, room.ModelFromSeq, room.ModelUpToSeq);
    }

    private async Task<Room> OpenLaterAsync(string name)
    {
        Store.Time.Advance(TimeSpan.FromSeconds(1));
        return await Store.OpenRoomAsync(name);
    }

    private async Task<IEnumerable<RoomId>> IdsAsync(RoomsByActivity wanted) => (await Store.Rooms.ListAsync(wanted, Never)).Select(room => room.Id);
}
