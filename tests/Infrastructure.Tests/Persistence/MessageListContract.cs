using AIChat.Domain.Jobs;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;

namespace AIChat.Infrastructure.Tests.Persistence;

/// <summary>How messages are listed and counted.</summary>
public abstract class MessageListContract(StoreFixture store) : StoreContract(store)
{
    [Fact]
    public async Task Pages_before_and_after_a_number_are_the_nearest_ones()
    {
        var room = await RoomOfAsync(9);
        Assert.Equal([9, 8, 7], await SeqsAsync(MessagesOfRoom.Before(room.Id, null, 3)));
        Assert.Equal([6, 5, 4], await SeqsAsync(MessagesOfRoom.Before(room.Id, 7, 3)));
        Assert.Equal([1], await SeqsAsync(MessagesOfRoom.Before(room.Id, 2, 3)));
        Assert.Equal([1, 2, 3], await SeqsAsync(MessagesOfRoom.After(room.Id, 0, 3)));
        Assert.Equal([8, 9], await SeqsAsync(MessagesOfRoom.After(room.Id, 7, 3)));
        Assert.Empty(await SeqsAsync(MessagesOfRoom.After(room.Id, 9, 3)));
        Assert.Empty(await SeqsAsync(MessagesOfRoom.Before(new RoomId("none"), null, 3)));
    }

    [Fact]
    public async Task Tombstones_keep_their_place_in_a_page_and_are_not_living()
    {
        var room = await RoomOfAsync(5);
        await DeleteAsync(room, 2, 4);
        Assert.Equal([5, 4, 3, 2, 1], await SeqsAsync(MessagesOfRoom.Before(room.Id, null, 9)));
        Assert.Equal([5, 3, 1], await SeqsAsync(MessagesOfRoom.NotDeleted(room.Id, 0, null, 9)));
        Assert.Equal([5, 3], await SeqsAsync(MessagesOfRoom.NotDeleted(room.Id, 1, null, 9)));
        Assert.Equal([5], await SeqsAsync(MessagesOfRoom.NotDeleted(room.Id, 0, null, 1)));
    }

    [Fact]
    public async Task Living_ones_since_a_time_were_said_then_or_later()
    {
        var (ann, room) = (await Store.JoinAsync(), await Store.OpenRoomAsync());
        for (var i = 0; i < 3; i++)
        {
            await Store.PostAsync(room, ann, $"line {i}");
            Store.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal([3, 2], await SeqsAsync(MessagesOfRoom.NotDeleted(room.Id, 0, StoreFixture.Start.AddMinutes(1), 9)));
        Assert.Equal([3], await SeqsAsync(MessagesOfRoom.NotDeleted(room.Id, 2, StoreFixture.Start.AddMinutes(1).ToOffset(TimeSpan.FromHours(9)), 9)));
    }

    [Fact]
    public async Task A_page_of_topics_holds_only_theirs()
    {
        var room = await RoomOfAsync(6);
        await FileAsync(room, (1, "a"), (2, "b"), (3, "a"), (4, null), (5, "c"));
        Assert.Equal([3, 1], await SeqsAsync(MessagesOfRoom.Before(room.Id, null, 9, [new TopicId("a")])));
        Assert.Equal([5, 3], await SeqsAsync(MessagesOfRoom.Before(room.Id, null, 2, [new TopicId("a"), new TopicId("c")])));
        Assert.Equal([3], await SeqsAsync(MessagesOfRoom.After(room.Id, 1, 9, [new TopicId("a")])));
        Assert.Empty(await SeqsAsync(MessagesOfRoom.Before(room.Id, null, 9, [])));
    }

    [Fact]
    public async Task Those_without_a_assignment_come_oldest_first()
    {
        var room = await RoomOfAsync(5);
        Assert.Contains(room.Id, await Store.Messages.RoomsWithWorkAsync(Never));
        await FileAsync(room, (1, "a"), (4, null));
        Assert.Equal([2, 3, 5], await SeqsAsync(MessagesOfRoom.Unclassified(room.Id, 9)));
        Assert.Equal([2, 3], await SeqsAsync(MessagesOfRoom.Unclassified(room.Id, 2)));
        await FileAsync(room, (2, "a"), (3, "a"), (5, "a"));
        Assert.Empty(await SeqsAsync(MessagesOfRoom.Unclassified(room.Id, 9)));
        Assert.Empty(await Store.Messages.RoomsWithWorkAsync(Never));
    }

    [Fact]
    public async Task Many_are_found_by_their_ids_within_their_room()
    {
        var (here, there) = (await RoomOfAsync(3), await RoomOfAsync(1));
        var all = await Store.Messages.ListAsync(MessagesOfRoom.After(here.Id, 0, 9), Never);
        var foreign = (await Store.Messages.ListAsync(MessagesOfRoom.After(there.Id, 0, 9), Never))[0];
        var found = await Store.Messages.FindManyAsync(here.Id, [all[0].Id, all[2].Id, foreign.Id, new MessageId("none")], Never);
        Assert.Equal([1, 3], found.Select(message => message.Seq).Order());
        Assert.Empty(await Store.Messages.FindManyAsync(here.Id, [], Never));
    }

    [Fact]
    public async Task The_latest_message_of_each_room_is_one_that_is_not_deleted()
    {
        var (two, gone, empty) = (await RoomOfAsync(3), await RoomOfAsync(1), await Store.OpenRoomAsync());
        await DeleteAsync(two, 3);
        await DeleteAsync(gone, 1);
        var latest = await Store.Messages.LatestAsync([two.Id, gone.Id, empty.Id], Never);
        Assert.Equal([two.Id], latest.Keys);
        Assert.Equal(2, latest[two.Id].Seq);
    }

    [Fact]
    public async Task Unread_are_the_living_messages_of_others_after_the_mark()
    {
        var (ann, bob, room) = (await Store.JoinAsync("Ann"), await Store.JoinAsync("Bob"), await Store.OpenRoomAsync());
        var mine = await Store.PostAsync(room, ann, "mine");
        var theirs = await Store.PostAsync(room, bob, "theirs");
        await Store.PostAsync(room, ann, "mine again");
        await Store.PostAsync(room, bob, "theirs again");
        Expect.Value(await Store.Messages.AppendAsync(
            room.Id, [Expect.Value(Message.Import(new MessageId("i"), room.Id, new JobId("j"), 1, "old", "imported", Store.Now, null))], Never));
        Assert.Equal(3, await UnreadAsync(ann, room, 0));
        Assert.Equal(2, await UnreadAsync(ann, room, 2));
        Assert.Equal(0, await UnreadAsync(ann, room, 5));
        Assert.Equal(0, await UnreadAsync(ann, room, 99));
        await Store.DeleteAsync(mine);
        await Store.DeleteAsync(theirs);
        Assert.Equal(2, await UnreadAsync(ann, room, 0));
        Assert.Equal(2, await UnreadAsync(bob, room, 0));
        await DeleteAsync(room, 5);
        Assert.Equal(1, await UnreadAsync(ann, room, 0));
    }

    [Fact]
    public async Task Changes_give_each_message_once_in_the_order_of_its_last_change()
    {
        var room = await RoomOfAsync(4);
        var all = await Store.Messages.ListAsync(MessagesOfRoom.After(room.Id, 0, 9), Never);
        await Store.EditAsync(all[0], "first");
        await Store.EditAsync(all[2], "third");
        await Store.DeleteAsync(all[1]);
        await Store.EditAsync(all[0], "first again");

        var changed = await Store.Messages.ChangedAfterAsync(room.Id, 0, 10, Never);
        Assert.Equal(["third", null, "first again"], changed.Messages.Select(message => message.Content));
        Assert.Equal(4, changed.Rev);
        var later = await Store.Messages.ChangedAfterAsync(room.Id, 3, 10, Never);
        Assert.Equal(["first again"], later.Messages.Select(message => message.Content));
        var none = await Store.Messages.ChangedAfterAsync(room.Id, 4, 10, Never);
        Assert.Equal((0, 4L), (none.Messages.Count, none.Rev));
    }

    [Fact]
    public async Task Changes_in_small_pages_leave_nothing_out_and_come_to_an_end()
    {
        var (room, another) = (await RoomOfAsync(5), await RoomOfAsync(1));
        var all = await Store.Messages.ListAsync(MessagesOfRoom.After(room.Id, 0, 9), Never);
        foreach (var i in (int[])[0, 1, 0, 2, 3, 1, 0])
            await Store.EditAsync(all[i], $"edit of {i}");
        await Store.EditAsync((await Store.Messages.ListAsync(MessagesOfRoom.After(another.Id, 0, 9), Never))[0], "elsewhere");

        var seen = new HashSet<long>();
        var rev = 0L;
        for (var pages = 0; pages < 10 && rev < 7; pages++)
        {
            var page = await Store.Messages.ChangedAfterAsync(room.Id, rev, 2, Never);
            Assert.True(page.Messages.Count <= 2 && page.Rev > rev);
            Assert.Equal(page.Messages.Count, page.Messages.Select(message => message.Id).Distinct().Count());
            seen.UnionWith(page.Messages.Select(message => message.Seq));
            rev = page.Rev;
        }

        Assert.Equal([1, 2, 3, 4], seen.Order());
        Assert.Equal(7, rev);
    }

    [Fact]
    public async Task Writers_are_found_by_their_nicknames_without_regard_to_case()
    {
        var (ann, bob, minji) = (await Store.JoinAsync("Ann"), await Store.JoinAsync("Bob"), await Store.JoinAsync("민지"));
        var émile = await Store.JoinAsync("Émile");
        var room = await Store.OpenRoomAsync();
        foreach (var writer in (User[])[ann, minji, émile])
            await Store.PostAsync(room, writer, "hello");
        var named = await Store.Messages.WritersNamedAsync(room.Id, ["ANN", "bob", "민지", "éMILE", "nobody"], Never);
        Assert.Equal([ann.Id.Value, minji.Id.Value, émile.Id.Value], named.Select(mention => mention.UserId).Order(StringComparer.Ordinal));
        Assert.Contains(new Mention(ann.Id.Value, "Ann"), named);
        Assert.DoesNotContain(named, mention => string.Equals(mention.UserId, bob.Id.Value, StringComparison.Ordinal));
    }

    private async Task<Room> RoomOfAsync(int messages)
    {
        var (ann, room) = (await Store.JoinAsync(), await Store.OpenRoomAsync());
        for (var i = 1; i <= messages; i++)
            await Store.PostAsync(room, ann, $"line {i}");
        return room;
    }

    private async Task<IEnumerable<long>> SeqsAsync(MessagesOfRoom page) => (await Store.Messages.ListAsync(page, Never)).Select(message => message.Seq);

    private async Task<long> UnreadAsync(User reader, Room room, long mark)
        => (await Store.Messages.UnreadAsync(reader.Id, new Dictionary<RoomId, long> { [room.Id] = mark }, Never))[room.Id];

    private async Task DeleteAsync(Room room, params long[] seqs)
    {
        foreach (var message in await Store.Messages.ListAsync(MessagesOfRoom.After(room.Id, 0, 100), Never))
        {
            if (seqs.Contains(message.Seq))
                await Store.DeleteAsync(message);
        }
    }

    private async Task FileAsync(Room room, params (long Seq, string? Topic)[] filed)
    {
        var bySeq = (await Store.Messages.ListAsync(MessagesOfRoom.After(room.Id, 0, 100), Never)).ToDictionary(message => message.Seq);
        var topics = filed.Select(each => each.Topic).OfType<string>().Distinct(StringComparer.Ordinal)
            .Select(id => Topic.Open(new TopicId(id), room.Id, TopicLevel.High, null, new TopicName(id, [])));
        var assignments = filed.Select(each => new TopicAssignment(bySeq[each.Seq].Id, each.Topic is { } id ? new TopicId(id) : null, null, null));
        Assert.True(await Store.Topics.SaveAssignmentsAsync(await Store.LeaseAsync(room), [.. assignments], [.. topics], Never));
    }
}
