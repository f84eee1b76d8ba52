using AIChat.Domain.Common;
using AIChat.Domain.Jobs;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Users;

namespace AIChat.Infrastructure.Tests.Persistence;

/// <summary>How messages get in and are changed.</summary>
public abstract class MessageStoreContract(StoreFixture store) : StoreContract(store)
{
    [Fact]
    public async Task A_sent_message_is_found_as_it_was_stored()
    {
        var (ann, room) = (await Store.JoinAsync("Ann"), await Store.OpenRoomAsync());
        var first = await Store.PostAsync(room, ann, "김치찌개 🍲\nsecond line");
        var reply = Expect.Value(Message.Post(new MessageId("reply"), room, ann, "@Bob yes", "client-1", first.Id, [new Mention("bob", "Bob")], Store.Now));
        Expect.Value(await Store.Messages.AppendAsync(room.Id, [reply], Never));

        var found = await Store.ReloadAsync(reply);
        Assert.Equal((2L, ann.Id, "Ann", "@Bob yes", Store.Now), (found.Seq, found.UserId!.Value, found.Nickname, found.Content, found.CreatedAt));
        Assert.Equal((first.Id, "client-1"), (found.ReplyTo!.Value, found.ClientMessageId));
        Assert.Equal([new Mention("bob", "Bob")], found.Mentions);
        Assert.False(found.Classified);
        Assert.Null(found.EditedAt);
        Assert.Equal("김치찌개 🍲\nsecond line", (await Store.ReloadAsync(first)).Content);
    }

    [Fact]
    public async Task An_imported_line_is_found_as_it_was_stored()
    {
        var room = await Store.OpenRoomAsync();
        var said = new DateTimeOffset(2007, 5, 1, 23, 59, 0, TimeSpan.FromHours(9));
        var line = Expect.Value(Message.Import(new MessageId("m"), room.Id, new JobId("job"), 7, "ubottu", "hello", said, null));
        Expect.Value(await Store.Messages.AppendAsync(room.Id, [line], Never));
        var found = await Store.ReloadAsync(line);
        Assert.Null(found.UserId);
        Assert.Equal(("ubottu", said, TimeSpan.Zero), (found.Nickname, found.CreatedAt, found.CreatedAt.Offset));
        Assert.Equal((new JobId("job"), 7L), (found.ImportedBy!.Value, found.ImportLine!.Value));
        Assert.Equal(Store.Now, (await Store.ReloadAsync(room)).LastActiveAt);
    }

    [Fact]
    public async Task The_last_line_of_an_import_is_known()
    {
        var room = await Store.OpenRoomAsync();
        Assert.Equal(0, await Store.Messages.LastImportedLineAsync(room.Id, new JobId("job"), Never));
        await ImportAsync(room, "job", 3, 8);
        await ImportAsync(room, "another", 20);
        Assert.Equal(8, await Store.Messages.LastImportedLineAsync(room.Id, new JobId("job"), Never));
    }

    [Fact]
    public async Task Writers_at_the_same_time_leave_numbers_without_gaps_and_nothing_doubled()
    {
        var ann = await Store.JoinAsync();
        var rooms = new List<Room>();
        for (var i = 0; i < 4; i++)
            rooms.Add(await Store.OpenRoomAsync($"room {i}"));

        var sent = await Task.WhenAll(from room in rooms from writer in Enumerable.Range(0, 8) select Task.Run(() => WriteAsync(room, ann, writer)));

        foreach (var room in rooms)
        {
            var stored = await Store.Messages.ListAsync(MessagesOfRoom.After(room.Id, 0, 1000), Never);
            Assert.Equal(Enumerable.Range(1, 80).Select(i => (long)i), stored.Select(message => message.Seq));
            Assert.Equal(80, stored.Select(message => message.Content).Distinct(StringComparer.Ordinal).Count());
            var counted = await Store.ReloadAsync(room);
            Assert.Equal((80L, 80L, 0L), (counted.LastSeq, counted.MessageCount, counted.Rev));

            // Who sent was told the number that is stored.
            var told = sent.SelectMany(messages => messages).Where(message => message.RoomId == room.Id).ToDictionary(message => message.Id, message => message.Seq);
            Assert.All(stored, message => Assert.Equal(message.Seq, told[message.Id]));
        }
    }

    [Fact]
    public async Task Several_at_once_get_numbers_in_their_order()
    {
        var (ann, room) = (await Store.JoinAsync(), await Store.OpenRoomAsync());
        await Store.PostAsync(room, ann, "before");
        var appended = Expect.Value(await Store.Messages.AppendAsync(room.Id, [.. Enumerable.Range(0, 300).Select(i => Store.Draft(room, ann, $"line {i}"))], Never));
        Assert.False(appended.Repeated);
        Assert.Equal(Enumerable.Range(2, 300).Select(i => (long)i), appended.Messages.Select(message => message.Seq));
        var last = await Store.Messages.ListAsync(MessagesOfRoom.Before(room.Id, null, 1), Never);
        Assert.Equal("line 299", last[0].Content);
    }

    [Fact]
    public async Task A_retry_with_the_same_client_id_finds_the_first_message()
    {
        var (ann, room) = (await Store.JoinAsync(), await Store.OpenRoomAsync());
        var first = Expect.Value(await Store.Messages.AppendAsync(room.Id, [Store.Draft(room, ann, "hello", "c1")], Never));
        var retry = Expect.Value(await Store.Messages.AppendAsync(room.Id, [Store.Draft(room, ann, "hello", "c1")], Never));
        Assert.False(first.Repeated);
        Assert.True(retry.Repeated);
        Assert.Equal((first.Messages[0].Id, 1L), (retry.Messages[0].Id, retry.Messages[0].Seq));
        Assert.Equal(1, (await Store.ReloadAsync(room)).LastSeq);
    }

    [Fact]
    public async Task Retries_at_the_same_time_store_one_message()
    {
        var (ann, room) = (await Store.JoinAsync(), await Store.OpenRoomAsync());
        var tries = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Store.Messages.AppendAsync(room.Id, [Store.Draft(room, ann, "hello", "c1")], Never)));
        Assert.Single(tries, result => !Expect.Value(result).Repeated);
        Assert.Single(tries.Select(result => Expect.Value(result).Messages[0].Id).Distinct());
        Assert.Equal((1L, 1L), ((await Store.ReloadAsync(room)).LastSeq, (await Store.ReloadAsync(room)).MessageCount));
    }

    [Fact]
    public async Task A_client_id_belongs_to_its_author_and_room()
    {
        var (ann, bob) = (await Store.JoinAsync("Ann"), await Store.JoinAsync("Bob"));
        var (here, there) = (await Store.OpenRoomAsync(), await Store.OpenRoomAsync());
        foreach (var (room, author) in ((Room, User)[])[(here, ann), (here, bob), (there, ann)])
            Assert.False(Expect.Value(await Store.Messages.AppendAsync(room.Id, [Store.Draft(room, author, "hello", "c1")], Never)).Repeated);
    }

    [Fact]
    public async Task An_unknown_room_is_told_and_nothing_is_stored()
    {
        var ann = await Store.JoinAsync();
        var nowhere = Expect.Value(Room.Open(new RoomId("nowhere"), "Nowhere", ann.Id, Store.Now));
        var draft = Store.Draft(nowhere, ann, "hello");
        Assert.Equal(RoomErrors.NotFound, (await Store.Messages.AppendAsync(nowhere.Id, [draft], Never)).Error);
        Assert.Equal(RoomErrors.NotFound, (await Store.Messages.AppendAsync(nowhere.Id, [draft, Store.Draft(nowhere, ann, "b")], Never)).Error);
        Assert.Null(await Store.Messages.FindAsync(nowhere.Id, draft.Id, Never));
    }

    [Fact]
    public async Task Edits_and_deletions_are_numbered_together()
    {
        var (ann, room) = (await Store.JoinAsync(), await Store.OpenRoomAsync());
        var (first, second) = (await Store.PostAsync(room, ann, "one"), await Store.PostAsync(room, ann, "two"));
        Store.Time.Advance(TimeSpan.FromMinutes(1));
        await Store.EditAsync(first, "ONE");
        Assert.Equal(1, (await Store.ReloadAsync(room)).Rev);
        await Store.DeleteAsync(second);
        await Store.EditAsync(first, "One!");
        var counted = await Store.ReloadAsync(room);
        Assert.Equal((3L, 2L, 1L, StoreFixture.Start), (counted.Rev, counted.LastSeq, counted.MessageCount, counted.LastActiveAt));
        var (edited, deleted) = (await Store.ReloadAsync(first), await Store.ReloadAsync(second));
        Assert.Equal(("One!", Store.Now, 1L), (edited.Content, edited.EditedAt!.Value, edited.Seq));
        Assert.Equal((null, Store.Now, 2L), (deleted.Content, deleted.DeletedAt!.Value, deleted.Seq));
    }

    [Fact]
    public async Task A_refused_change_stores_nothing()
    {
        var (ann, room) = (await Store.JoinAsync(), await Store.OpenRoomAsync());
        var message = await Store.PostAsync(room, ann, "one");
        var refused = await Store.Messages.ChangeAsync(
            room.Id,
            message.Id,
            stored => stored.Edit("half done", [], Store.Now) ?? MessageErrors.NotYours,
            Never);
        Assert.Equal(MessageErrors.NotYours, refused.Error);
        Assert.Equal("one", (await Store.ReloadAsync(message)).Content);
        Assert.Equal(0, (await Store.ReloadAsync(room)).Rev);
        Assert.Empty((await Store.Messages.ChangedAfterAsync(room.Id, 0, 10, Never)).Messages);

        // Nor with what the next writer stores.
        await Store.PostAsync(room, ann, "two");
        Assert.Equal("one", (await Store.ReloadAsync(message)).Content);
    }

    [Fact]
    public async Task What_is_not_in_the_room_cannot_be_changed()
    {
        var (ann, here, there) = (await Store.JoinAsync(), await Store.OpenRoomAsync(), await Store.OpenRoomAsync());
        var message = await Store.PostAsync(here, ann, "one");
        Func<Message, Error?> change = stored => stored.Edit("changed", [], Store.Now);
        Assert.Equal(MessageErrors.NotFound, (await Store.Messages.ChangeAsync(there.Id, message.Id, change, Never)).Error);
        Assert.Equal(MessageErrors.NotFound, (await Store.Messages.ChangeAsync(here.Id, new MessageId("none"), change, Never)).Error);
        Assert.Null(await Store.Messages.FindAsync(there.Id, message.Id, Never));
    }

    [Fact]
    public async Task Changes_at_the_same_time_all_count_and_the_last_one_stands()
    {
        var (ann, room) = (await Store.JoinAsync(), await Store.OpenRoomAsync());
        var message = await Store.PostAsync(room, ann, "x");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Store.Messages.ChangeAsync(room.Id, message.Id, stored => stored.Edit(stored.Content + "x", [], Store.Now), Never)));
        Assert.Equal(new string('x', 9), (await Store.ReloadAsync(message)).Content);
        Assert.Equal(8, (await Store.ReloadAsync(room)).Rev);
    }

    private async Task<List<Message>> WriteAsync(Room room, User author, int writer)
    {
        var stored = new List<Message>();
        for (var i = 0; i < 10; i++)
            stored.Add(await Store.PostAsync(room, author, $"writer {writer} line {i}"));
        return stored;
    }

    private async Task ImportAsync(Room room, string job, params long[] lines)
        => Expect.Value(await Store.Messages.AppendAsync(
            room.Id, [.. lines.Select(line => Expect.Value(Message.Import(new MessageId(Store.NewId()), room.Id, new JobId(job), line, "bot", "hi", Store.Now, null)))], Never));
}
