using AIChat.Domain.Common;
using AIChat.Domain.Jobs;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;
using AIChat.Infrastructure.Persistence.Mongo;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Tests.Persistence;

/// <summary>What only the shared store promises: several servers, servers that die between two steps, and answers that get lost.</summary>
public sealed class MongoStoreTests : IAsyncLifetime
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly LossyWire wire = LossyWire.Lay();
    private readonly MongoStoreFixture store;
    private User ann = null!;
    private Room room = null!;

    public MongoStoreTests() => store = new MongoStoreFixture(through: wire.Through);

    private IMongoCollection<BsonDocument> StoredMessages => store.Connection.Raw(Collections.Messages);

    private IMongoCollection<BsonDocument> StoredChanges => store.Connection.Raw(Collections.Changes);

    private IMongoCollection<BsonDocument> StoredRooms => store.Connection.Raw(Collections.Rooms);

    public async Task InitializeAsync()
    {
        await store.InitializeAsync();
        (ann, room) = (await store.JoinAsync(), await store.OpenRoomAsync());
    }

    public async Task DisposeAsync()
    {
        await store.DisposeAsync();
        await wire.DisposeAsync();
    }

    [Fact]
    public async Task Two_servers_in_one_room_leave_no_gap_and_nothing_doubled()
    {
        var servers = new[] { store.Messages, (await store.AnotherAsync()).GetRequiredService<IMessageRepository>() };
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                // Each sending is tried again at the other server, and now and then an import comes between.
                var clientId = $"{writer}-{i}";
                foreach (var server in servers)
                    Expect.Value(await server.AppendAsync(room.Id, [store.Draft(room, ann, clientId, clientId)], Never));
                if (i % 10 == 5)
                    Expect.Value(await servers[writer % 2].AppendAsync(room.Id, [.. Lines(writer, i, 30)], Never));
            }
        })));

        var stored = await store.Messages.ListAsync(MessagesOfRoom.After(room.Id, 0, 1000), Never);
        Assert.Equal((8 * 20) + (8 * 2 * 30), stored.Count);
        Assert.Equal(Enumerable.Range(1, stored.Count).Select(i => (long)i), stored.Select(message => message.Seq));
        Assert.Equal(8 * 20, stored.Where(message => message.ClientMessageId is not null).Select(message => message.ClientMessageId).Distinct(StringComparer.Ordinal).Count());
        var counted = await store.ReloadAsync(room);
        Assert.Equal((stored.Count, stored.Count), (counted.LastSeq, counted.MessageCount));
    }

    [Fact]
    public async Task Two_servers_changing_one_message_lose_no_change()
    {
        var servers = new[] { store.Messages, (await store.AnotherAsync()).GetRequiredService<IMessageRepository>() };
        var message = await store.PostAsync(room, ann, "x");
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() =>
            servers[i % 2].ChangeAsync(room.Id, message.Id, stored => stored.Edit(stored.Content + "x", [], store.Now), Never))));
        Assert.Equal(new string('x', 17), (await store.ReloadAsync(message)).Content);
        Assert.Equal(16, (await store.ReloadAsync(room)).Rev);
        Assert.Equal(0, await StoredChanges.CountDocumentsAsync(new BsonDocument(Fields.Open, true)));
        Assert.Equal(0, await StoredChanges.CountDocumentsAsync(new BsonDocument(Fields.Becomes, new BsonDocument("$exists", true))));
    }

    [Fact]
    public async Task What_is_sent_at_once_is_stored_together()
    {
        await store.PostAsync(room, ann, "first");
        store.TakeCommands();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => store.PostAsync(room, ann, $"line {i}")));
        Assert.InRange(store.TakeCommands().Count(command => command.Contains("insert")), 1, 50);
        Assert.Equal(101, (await store.ReloadAsync(room)).LastSeq);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_answer_that_got_lost_stores_a_message_once(int lost)
    {
        await store.PostAsync(room, ann, "before");
        wire.Lose(lost, "insert", Collections.Messages);
        var sent = await store.PostAsync(room, ann, "once");
        Assert.NotEqual(lost, wire.ToLose);
        Assert.Equal(2, sent.Seq);
        Assert.Equal(3, (await store.PostAsync(room, ann, "after")).Seq);
        Assert.Equal(["before", "once", "after"], await ContentsAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_answer_that_got_lost_stores_an_import_once(int lost)
    {
        await store.PostAsync(room, ann, "before");
        wire.Lose(lost, "insert", Collections.Messages);
        var appended = Expect.Value(await store.Messages.AppendAsync(room.Id, [.. Lines(1, 1, 20)], Never));
        Assert.NotEqual(lost, wire.ToLose);
        Assert.Equal(Enumerable.Range(2, 20).Select(i => (long)i), appended.Messages.Select(message => message.Seq));
        Assert.Equal(21, (await ContentsAsync()).Count());
    }

    [Fact]
    public async Task An_answer_that_got_lost_makes_a_user_once_and_takes_the_lease_once()
    {
        // The driver asks again only where there are transactions; elsewhere the caller hears of the outage.
        if (!store.Connection.HasTransactions)
            return;
        wire.Lose(1, "insert", Collections.Users);
        var bob = await store.JoinAsync("Bob");
        Assert.Equal("Bob", (await store.Users.FindAsync(bob.Id, Never))!.Nickname);
        Assert.Equal(0, wire.ToLose);
        wire.Lose(1, "insert", Collections.Leases);
        Assert.Equal(1, (await store.LeaseAsync(room)).Epoch);
        Assert.Equal(0, wire.ToLose);
        store.Time.Advance(TimeSpan.FromHours(1));
        wire.Lose(1, "findAndModify", Collections.Leases);
        Assert.Equal(2, (await store.LeaseAsync(room, "another")).Epoch);
        Assert.Equal(0, wire.ToLose);
        wire.Lose(1, "insert", Collections.Changes);
        var message = await store.PostAsync(room, ann, "x");
        await store.EditAsync(message, "y");
        Assert.Equal(0, wire.ToLose);
        Assert.Equal(1, (await store.ReloadAsync(room)).Rev);
    }

    [Theory]
    [InlineData("the next change")]
    [InlineData("who asks for changes")]
    [InlineData("the schedule")]
    public async Task A_change_that_a_dead_server_left_open_is_completed_by(string whom)
    {
        var (first, second) = (await store.PostAsync(room, ann, "one"), await store.PostAsync(room, ann, "two"));
        await store.EditAsync(first, "ONE");
        await LeaveOpenAsync(2, deletions: 1, second.Id, new BsonDocument { { Fields.Mentions, new BsonArray() }, { Fields.DeletedAt, store.Now.UtcDateTime } });
        switch (whom)
        {
            case "the next change":
                Assert.Equal(MessageErrors.Deleted, (await store.Messages.ChangeAsync(room.Id, second.Id, stored => stored.WhyNotChange(ann.Id), Never)).Error);
                break;
            case "who asks for changes":
                Assert.Equal(["ONE", null], (await store.Messages.ChangedAfterAsync(room.Id, 0, 9, Never)).Messages.Select(message => message.Content));
                break;
            default:
                await store.Topics.SetReclassifiedUpToAsync(room.Id, new ReclassifiedUpTo(2, 1), Never);
                Assert.Equal([room.Id], await store.Topics.RoomsToReclassifyAsync(Never));
                break;
        }

        Assert.True((await store.ReloadAsync(second)).IsDeleted);
        var counted = await store.ReloadAsync(room);
        Assert.Equal((2L, 1L), (counted.Rev, counted.MessageCount));
        Assert.Empty(await store.Messages.SearchAsync(room.Id, ["two"], null, null, 9, Never));
        Assert.Equal(0, await StoredChanges.CountDocumentsAsync(new BsonDocument(Fields.Becomes, new BsonDocument("$exists", true))));
    }

    [Fact]
    public async Task An_open_change_that_was_overtaken_does_not_come_back()
    {
        var message = await store.PostAsync(room, ann, "one");
        await store.EditAsync(message, "two");
        await store.EditAsync(message, "three");

        // As where a server wakes up after another one completed its change and changed the message again.
        await StoredChanges.UpdateOneAsync(
            new BsonDocument(Fields.Rev, 1), new BsonDocument("$set", new BsonDocument { { Fields.Open, true }, { Fields.Becomes, new BsonDocument(Fields.Content, "two") } }));
        await store.Topics.RoomsToReclassifyAsync(Never);
        Assert.Equal("three", (await store.ReloadAsync(message)).Content);
        Assert.Equal(2, (await store.ReloadAsync(room)).Rev);
    }

    [Fact]
    public async Task A_room_that_a_dead_server_left_behind_its_messages_catches_up()
    {
        var messages = new List<Message> { await store.PostAsync(room, ann, "one"), await store.PostAsync(room, ann, "two") };
        await StoredRooms.UpdateOneAsync(new BsonDocument(Fields.Room, room.Id.Value), new BsonDocument("$set", new BsonDocument(Fields.LastSeq, 0L)));
        Assert.True(await store.Topics.SaveAssignmentsAsync(await store.LeaseAsync(room), [.. messages.Select(message => new TopicAssignment(message.Id, null, null, null))], [], Never));
        Assert.Equal((2L, 2L), ((await store.ReloadAsync(room)).LastSeq, (await store.ReloadAsync(room)).MessageCount));
    }

    [Fact]
    public async Task A_line_of_an_import_is_stored_once_whoever_sends_it()
    {
        var another = (await store.AnotherAsync()).GetRequiredService<IMessageRepository>();
        Expect.Value(await store.Messages.AppendAsync(room.Id, [.. Lines(1, 1, 10)], Never));
        var again = Expect.Value(await another.AppendAsync(room.Id, [.. Lines(1, 1, 12)], Never));
        Assert.True(again.Repeated);
        Assert.Equal(Enumerable.Range(1, 12).Select(i => (long)i), again.Messages.Select(message => message.Seq));
        Assert.Equal(12, (await ContentsAsync()).Count());
    }

    [Fact]
    public async Task Vectors_are_bytes_and_those_of_older_databases_are_read()
    {
        var message = await store.PostAsync(room, ann, "one");
        Assert.True(await store.Topics.SaveAssignmentsAsync(await store.LeaseAsync(room), [new TopicAssignment(message.Id, null, null, [0, 0, 128, 63])], [], Never));
        var same = new BsonDocument(Fields.Id, message.Id.Value);
        Assert.Equal(BsonType.Binary, (await StoredMessages.Find(same).SingleAsync())[Fields.NgramProfile].BsonType);
        await StoredMessages.UpdateOneAsync(same, new BsonDocument("$set", new BsonDocument(Fields.NgramProfile, new BsonArray { 1.0, -2.5 })));
        Assert.Equal([0, 0, 128, 63, 0, 0, 32, 192], (await store.ReloadAsync(message)).NgramProfile!);
    }

    [Fact]
    public async Task Names_of_elements_are_those_of_older_databases()
    {
        await store.PostAsync(room, ann, "one");
        var message = await StoredMessages.Find(new BsonDocument()).SingleAsync();
        foreach (var name in (string[])["channelId", "nickname", "content", "createdAt", "seq", "userId", "terms"])
            Assert.True(message.Contains(name), name);
        var stored = await StoredRooms.Find(new BsonDocument()).SingleAsync();
        Assert.Equal((room.Id.Value, "Lobby"), (stored["channelId"].AsString, stored["channelName"].AsString));
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_an_outage()
    {
        await using var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System)
            .AddMongoStore(MongoAddress.Parse("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100")).BuildServiceProvider();
        var users = services.GetRequiredService<IUserRepository>();
        Assert.Equal("store_unavailable", (await Assert.ThrowsAsync<StoreUnavailableException>(() => users.FindAsync(ann.Id, Never))).Code);
        var messages = services.GetRequiredService<IMessageRepository>();
        Assert.Equal("store_unavailable", (await Assert.ThrowsAsync<StoreUnavailableException>(() => messages.AppendAsync(room.Id, [store.Draft(room, ann, "x")], Never))).Code);
        using var starting = new MongoConnection(MongoAddress.Parse("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100"), null) { StartPatience = TimeSpan.Zero };
        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => starting.OpenAsync(Never));
        Assert.Equal("MONGODB_URI: no MongoDB that takes writes answers at 127.0.0.1:1; start it, or correct the address.", refusal.Message);
    }

    [Fact]
    public async Task Nothing_is_stored_once_the_server_stops()
    {
        var another = await store.AnotherAsync();
        var messages = another.GetRequiredService<IMessageRepository>();
        await another.GetRequiredService<MongoRoomWriters>().DisposeAsync();
        Assert.Equal("draining", (await Assert.ThrowsAsync<StoreUnavailableException>(() => messages.AppendAsync(room.Id, [store.Draft(room, ann, "x")], Never))).Code);
    }

    private IEnumerable<Message> Lines(int writer, int piece, int count) => Enumerable.Range(1, count).Select(line => Expect.Value(
        Message.Import(new MessageId(store.NewId()), room.Id, new JobId($"{writer}-{piece}"), line, "bot", $"line {line}", store.Now, null)));

    private async Task<IEnumerable<string?>> ContentsAsync() => (await store.Messages.ListAsync(MessagesOfRoom.After(room.Id, 0, 1000), Never)).Select(message => message.Content);

    /// <summary>What a server leaves that dies between storing a change and bringing it into its message.</summary>
    private Task LeaveOpenAsync(long rev, long deletions, MessageId message, BsonDocument becomes) => StoredChanges.InsertOneAsync(new BsonDocument
    {
        { Fields.Id, ObjectId.GenerateNewId() },
        { Fields.Room, room.Id.Value },
        { Fields.Rev, rev },
        { Fields.MessageId, message.Value },
        { Fields.Deletions, deletions },
        { Fields.Open, true },
        { Fields.Becomes, becomes },
    });
}
