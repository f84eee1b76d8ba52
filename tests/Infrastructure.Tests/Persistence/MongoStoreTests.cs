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

    private readonly LossyWire _wire = LossyWire.Lay();
    private readonly MongoStoreFixture _store;
    private User _ann = null!;
    private Room _room = null!;

    public MongoStoreTests() => _store = new MongoStoreFixture(through: _wire.Through);

    private IMongoCollection<BsonDocument> StoredMessages => _store.Connection.Raw(Collections.Messages);

    private IMongoCollection<BsonDocument> StoredChanges => _store.Connection.Raw(Collections.Changes);

    private IMongoCollection<BsonDocument> StoredRooms => _store.Connection.Raw(Collections.Rooms);

    public async Task InitializeAsync()
    {
        await _store.InitializeAsync();
        (_ann, _room) = (await _store.JoinAsync(), await _store.OpenRoomAsync());
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _wire.DisposeAsync();
    }

    [Fact]
    public async Task Two_servers_in_one_room_leave_no_gap_and_nothing_doubled()
    {
        var servers = new[] { _store.Messages, (await _store.AnotherAsync()).GetRequiredService<IMessageRepository>() };
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                // Each sending is tried again at the other server, and now and then an import comes between.
                var clientId = $"{writer}-{i}";
                foreach (var server in servers)
                    Expect.Value(await server.AppendAsync(_room.Id, [_store.Draft(_room, _ann, clientId, clientId)], Never));
                if (i % 10 == 5)
                    Expect.Value(await servers[writer % 2].AppendAsync(_room.Id, [.. Lines(writer, i, 30)], Never));
            }
        })));

        var stored = await _store.Messages.ListAsync(MessagesOfRoom.After(_room.Id, 0, 1000), Never);
        Assert.Equal((8 * 20) + (8 * 2 * 30), stored.Count);
        Assert.Equal(Enumerable.Range(1, stored.Count).Select(i => (long)i), stored.Select(message => message.Seq));
        Assert.Equal(8 * 20, stored.Where(message => message.ClientMessageId is not null).Select(message => message.ClientMessageId).Distinct(StringComparer.Ordinal).Count());
        var counted = await _store.ReloadAsync(_room);
        Assert.Equal((stored.Count, stored.Count), (counted.LastSeq, counted.MessageCount));
    }

    [Fact]
    public async Task Two_servers_changing_one_message_lose_no_change()
    {
        var servers = new[] { _store.Messages, (await _store.AnotherAsync()).GetRequiredService<IMessageRepository>() };
        var message = await _store.PostAsync(_room, _ann, "x");
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() =>
            servers[i % 2].ChangeAsync(_room.Id, message.Id, stored => stored.Edit(stored.Content + "x", [], _store.Now), Never))));
        Assert.Equal(new string('x', 17), (await _store.ReloadAsync(message)).Content);
        Assert.Equal(16, (await _store.ReloadAsync(_room)).Rev);
        Assert.Equal(0, await StoredChanges.CountDocumentsAsync(new BsonDocument(Fields.Open, true)));
        Assert.Equal(0, await StoredChanges.CountDocumentsAsync(new BsonDocument(Fields.Becomes, new BsonDocument("$exists", true))));
    }

    [Fact]
    public async Task What_is_sent_at_once_is_stored_together()
    {
        await _store.PostAsync(_room, _ann, "first");
        _store.TakeCommands();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => _store.PostAsync(_room, _ann, $"line {i}")));
        Assert.InRange(_store.TakeCommands().Count(command => command.Contains("insert")), 1, 50);
        Assert.Equal(101, (await _store.ReloadAsync(_room)).LastSeq);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_answer_that_got_lost_stores_a_message_once(int lost)
    {
        await _store.PostAsync(_room, _ann, "before");
        _wire.Lose(lost, "insert", Collections.Messages);
        var sent = await _store.PostAsync(_room, _ann, "once");
        Assert.NotEqual(lost, _wire.ToLose);
        Assert.Equal(2, sent.Seq);
        Assert.Equal(3, (await _store.PostAsync(_room, _ann, "after")).Seq);
        Assert.Equal(["before", "once", "after"], await ContentsAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_answer_that_got_lost_stores_an_import_once(int lost)
    {
        await _store.PostAsync(_room, _ann, "before");
        _wire.Lose(lost, "insert", Collections.Messages);
        var appended = Expect.Value(await _store.Messages.AppendAsync(_room.Id, [.. Lines(1, 1, 20)], Never));
        Assert.NotEqual(lost, _wire.ToLose);
        Assert.Equal(Enumerable.Range(2, 20).Select(i => (long)i), appended.Messages.Select(message => message.Seq));
        Assert.Equal(21, (await ContentsAsync()).Count());
    }

    [Fact]
    public async Task An_answer_that_got_lost_makes_a_user_once_and_takes_the_lease_once()
    {
        // The driver asks again only where there are transactions; elsewhere the caller hears of the outage.
        if (!_store.Connection.HasTransactions)
            return;
        _wire.Lose(1, "insert", Collections.Users);
        var bob = await _store.JoinAsync("Bob");
        Assert.Equal("Bob", (await _store.Users.FindAsync(bob.Id, Never))!.Nickname);
        Assert.Equal(0, _wire.ToLose);
        _wire.Lose(1, "insert", Collections.Leases);
        Assert.Equal(1, (await _store.LeaseAsync(_room)).Epoch);
        Assert.Equal(0, _wire.ToLose);
        _store.Time.Advance(TimeSpan.FromHours(1));
        _wire.Lose(1, "findAndModify", Collections.Leases);
        Assert.Equal(2, (await _store.LeaseAsync(_room, "another")).Epoch);
        Assert.Equal(0, _wire.ToLose);
        _wire.Lose(1, "insert", Collections.Changes);
        var message = await _store.PostAsync(_room, _ann, "x");
        await _store.EditAsync(message, "y");
        Assert.Equal(0, _wire.ToLose);
        Assert.Equal(1, (await _store.ReloadAsync(_room)).Rev);
    }

    [Theory]
    [InlineData("the next change")]
    [InlineData("who asks for changes")]
    [InlineData("the schedule")]
    public async Task A_change_that_a_dead_server_left_open_is_completed_by(string whom)
    {
        var (first, second) = (await _store.PostAsync(_room, _ann, "one"), await _store.PostAsync(_room, _ann, "two"));
        await _store.EditAsync(first, "ONE");
        await LeaveOpenAsync(2, deletions: 1, second.Id, new BsonDocument { { Fields.Mentions, new BsonArray() }, { Fields.DeletedAt, _store.Now.UtcDateTime } });
        switch (whom)
        {
            case "the next change":
                Assert.Equal(MessageErrors.Deleted, (await _store.Messages.ChangeAsync(_room.Id, second.Id, stored => stored.WhyNotChange(_ann.Id), Never)).Error);
                break;
            case "who asks for changes":
                Assert.Equal(["ONE", null], (await _store.Messages.ChangedAfterAsync(_room.Id, 0, 9, Never)).Messages.Select(message => message.Content));
                break;
            default:
                await _store.Topics.SetReclassifiedUpToAsync(_room.Id, new ReclassifiedUpTo(2, 1), Never);
                Assert.Equal([_room.Id], await _store.Topics.RoomsToReclassifyAsync(Never));
                break;
        }

        Assert.True((await _store.ReloadAsync(second)).IsDeleted);
        var counted = await _store.ReloadAsync(_room);
        Assert.Equal((2L, 1L), (counted.Rev, counted.MessageCount));
        Assert.Empty(await _store.Messages.SearchAsync(_room.Id, ["two"], null, null, 9, Never));
        Assert.Equal(0, await StoredChanges.CountDocumentsAsync(new BsonDocument(Fields.Becomes, new BsonDocument("$exists", true))));
    }

    [Fact]
    public async Task An_open_change_that_was_overtaken_does_not_come_back()
    {
        var message = await _store.PostAsync(_room, _ann, "one");
        await _store.EditAsync(message, "two");
        await _store.EditAsync(message, "three");

        // As where a server wakes up after another one completed its change and changed the message again.
        await StoredChanges.UpdateOneAsync(
            new BsonDocument(Fields.Rev, 1), new BsonDocument("$set", new BsonDocument { { Fields.Open, true }, { Fields.Becomes, new BsonDocument(Fields.Content, "two") } }));
        await _store.Topics.RoomsToReclassifyAsync(Never);
        Assert.Equal("three", (await _store.ReloadAsync(message)).Content);
        Assert.Equal(2, (await _store.ReloadAsync(_room)).Rev);
    }

    [Fact]
    public async Task A_room_that_a_dead_server_left_behind_its_messages_catches_up()
    {
        var messages = new List<Message> { await _store.PostAsync(_room, _ann, "one"), await _store.PostAsync(_room, _ann, "two") };
        await StoredRooms.UpdateOneAsync(new BsonDocument(Fields.Room, _room.Id.Value), new BsonDocument("$set", new BsonDocument(Fields.LastSeq, 0L)));
        Assert.True(await _store.Topics.SaveAssignmentsAsync(await _store.LeaseAsync(_room), [.. messages.Select(message => new TopicAssignment(message.Id, null, null, null))], [], Never));
        Assert.Equal((2L, 2L), ((await _store.ReloadAsync(_room)).LastSeq, (await _store.ReloadAsync(_room)).MessageCount));
    }

    [Fact]
    public async Task A_line_of_an_import_is_stored_once_whoever_sends_it()
    {
        var another = (await _store.AnotherAsync()).GetRequiredService<IMessageRepository>();
        Expect.Value(await _store.Messages.AppendAsync(_room.Id, [.. Lines(1, 1, 10)], Never));
        var again = Expect.Value(await another.AppendAsync(_room.Id, [.. Lines(1, 1, 12)], Never));
        Assert.True(again.Repeated);
        Assert.Equal(Enumerable.Range(1, 12).Select(i => (long)i), again.Messages.Select(message => message.Seq));
        Assert.Equal(12, (await ContentsAsync()).Count());
    }

    [Fact]
    public async Task Vectors_are_bytes_and_those_of_older_databases_are_read()
    {
        var message = await _store.PostAsync(_room, _ann, "one");
        Assert.True(await _store.Topics.SaveAssignmentsAsync(await _store.LeaseAsync(_room), [new TopicAssignment(message.Id, null, null, [0, 0, 128, 63])], [], Never));
        var same = new BsonDocument(Fields.Id, message.Id.Value);
        Assert.Equal(BsonType.Binary, (await StoredMessages.Find(same).SingleAsync())[Fields.NgramProfile].BsonType);
        await StoredMessages.UpdateOneAsync(same, new BsonDocument("$set", new BsonDocument(Fields.NgramProfile, new BsonArray { 1.0, -2.5 })));
        Assert.Equal([0, 0, 128, 63, 0, 0, 32, 192], (await _store.ReloadAsync(message)).NgramProfile!);
    }

    [Fact]
    public async Task Names_of_elements_are_those_of_older_databases()
    {
        await _store.PostAsync(_room, _ann, "one");
        var message = await StoredMessages.Find(new BsonDocument()).SingleAsync();
        foreach (var name in (string[])["channelId", "nickname", "content", "createdAt", "seq", "userId", "terms"])
            Assert.True(message.Contains(name), name);
        var stored = await StoredRooms.Find(new BsonDocument()).SingleAsync();
        Assert.Equal((_room.Id.Value, "Lobby"), (stored["channelId"].AsString, stored["channelName"].AsString));
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_an_outage()
    {
        await using var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System)
            .AddMongoStore(MongoAddress.Parse("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100")).BuildServiceProvider();
        var users = services.GetRequiredService<IUserRepository>();
        Assert.Equal("store_unavailable", (await Assert.ThrowsAsync<StoreUnavailableException>(() => users.FindAsync(_ann.Id, Never))).Code);
        var messages = services.GetRequiredService<IMessageRepository>();
        Assert.Equal("store_unavailable", (await Assert.ThrowsAsync<StoreUnavailableException>(() => messages.AppendAsync(_room.Id, [_store.Draft(_room, _ann, "x")], Never))).Code);
        using var starting = new MongoConnection(MongoAddress.Parse("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100"), null) { StartTimeout = TimeSpan.Zero };
        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => starting.OpenAsync(Never));
        Assert.Equal("MONGODB_URI: no MongoDB that takes writes answers at 127.0.0.1:1; start it, or correct the address.", refusal.Message);
    }

    [Fact]
    public async Task Nothing_is_stored_once_the_server_stops()
    {
        var another = await _store.AnotherAsync();
        var messages = another.GetRequiredService<IMessageRepository>();
        await another.GetRequiredService<MongoRoomWriters>().DisposeAsync();
        Assert.Equal("draining", (await Assert.ThrowsAsync<StoreUnavailableException>(() => messages.AppendAsync(_room.Id, [_store.Draft(_room, _ann, "x")], Never))).Code);
    }

    private IEnumerable<Message> Lines(int writer, int piece, int count) => Enumerable.Range(1, count).Select(line => Expect.Value(
        Message.Import(new MessageId(_store.NewId()), _room.Id, new JobId($"{writer}-{piece}"), line, "bot", $"line {line}", _store.Now, null)));

    private async Task<IEnumerable<string?>> ContentsAsync() => (await _store.Messages.ListAsync(MessagesOfRoom.After(_room.Id, 0, 1000), Never)).Select(message => message.Content);

    /// <summary>What a server leaves that dies between storing a change and bringing it into its message.</summary>
    private Task LeaveOpenAsync(long rev, long deletions, MessageId message, BsonDocument becomes) => StoredChanges.InsertOneAsync(new BsonDocument
    {
        { Fields.Id, ObjectId.GenerateNewId() },
        { Fields.Room, _room.Id.Value },
        { Fields.Rev, rev },
        { Fields.MessageId, message.Value },
        { Fields.Deletions, deletions },
        { Fields.Open, true },
        { Fields.Becomes, becomes },
    });
}
