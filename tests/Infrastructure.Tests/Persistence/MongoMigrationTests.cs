using System.Reflection;
using AIChat.Application.Common;
using AIChat.Domain.Common;
using AIChat.Domain.Jobs;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;
using AIChat.Infrastructure.Persistence;
using AIChat.Infrastructure.Persistence.Common;
using AIChat.Infrastructure.Persistence.DataMigration;
using AIChat.Infrastructure.Persistence.Mongo;
using AIChat.Infrastructure.Persistence.Sqlite;
using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Tests.Persistence;

/// <summary>What a store holds is brought into another one, with a real database on both sides.</summary>
public sealed class MongoMigrationTests : IAsyncLifetime
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly IProgress<MigrationProgress> Nobody = new Progress<MigrationProgress>();

    private readonly SqliteStoreFixture _source = new();
    private readonly MongoStoreFixture _target = new();
    private User _ann = null!;
    private Room _room = null!;

    private string From => "sqlite:" + _source.Folder;

    /// <summary>A database beside the target's, with nothing in it, not even indexes.</summary>
    private string Another => new MongoUrlBuilder(_target.Address) { DatabaseName = _target.Connection.DatabaseName + "-another" }.ToString();

    private IMongoDatabase AnotherDatabase => _target.Connection.Client.GetDatabase(_target.Connection.DatabaseName + "-another");

    private IMongoCollection<BsonDocument> Arrived(string collection) => _target.Connection.Raw(collection);

    public async Task InitializeAsync()
    {
        await _source.InitializeAsync();
        await _target.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _source.DisposeAsync();
        await AnotherDatabase.Client.DropDatabaseAsync(AnotherDatabase.DatabaseNamespace.DatabaseName);
        await _target.DisposeAsync();
    }

    [Fact]
    public async Task Everything_arrives_equal()
    {
        await FillAsync();

        var report = await MigrateAsync(From, _target.Address);

        Assert.True(report.IsEqual, Differences(report));
        Assert.Equal((false, false), (report.IsContinued, report.IsRepeated));
        Assert.All(report.Collections, each => Assert.True(each.Source.Count > 0, each.Name + " was not tried"));
        Assert.Equal(MigratedCollection.All.Select(part => part.Name), report.Collections.Select(each => each.Name));
    }

    [Fact]
    public async Task A_server_goes_on_with_it_as_if_nothing_had_happened()
    {
        await FillAsync();
        await MigrateAsync(From, _target.Address);

        var home = await _target.ReloadAsync(_room);
        Assert.Equal((5L, 3L, 4L), (home.LastSeq, home.Rev, home.MessageCount));
        Assert.Equal("session-1", (await _target.Users.FindSessionAsync("session-1", Never))!.Id);
        Assert.Equal(3, (await _target.Rooms.ReadMarksAsync(_ann.Id, [_room.Id], Never))[_room.Id]);
        Assert.Equal(new ReclassifiedUpTo(4, 2), await _target.Topics.ReclassifiedUpToAsync(_room.Id, Never));
        Assert.Equal([_room.Id], await _target.Messages.RoomsWithWorkAsync(Never));
        Assert.Equal(7, await _target.Messages.LastImportedLineAsync(_room.Id, new JobId("job-1"), Never));
        Assert.Equal("저녁은 김치찌개가 좋아요 🍲", Assert.Single(await _target.Messages.SearchAsync(_room.Id, ["찌개"], null, null, 9, Never)).Content);
        Assert.Equal(_ann.Id.Value, Assert.Single(await _target.Messages.WritersNamedAsync(_room.Id, ["앤🦊"], Never)).UserId);

        var repeated = Expect.Value(await _target.Messages.AppendAsync(_room.Id, [_target.Draft(_room, _ann, "hello", "client-1")], Never));
        Assert.True(repeated.Repeated);
        var next = await _target.PostAsync(_room, _ann, "next");
        Assert.Equal(6, next.Seq);
        await _target.DeleteAsync(next);
        home = await _target.ReloadAsync(_room);
        Assert.Equal((6L, 4L, 4L), (home.LastSeq, home.Rev, home.MessageCount));
        Assert.Equal([next.Id], (await _target.Messages.ChangedAfterAsync(_room.Id, 3, 9, Never)).Messages.Select(message => message.Id));
    }

    [Fact]
    public async Task And_back_again()
    {
        await FillAsync();
        await MigrateAsync(From, _target.Address);
        using var folder = new TemporaryFolder();

        var report = await MigrateAsync(_target.Address, "sqlite:" + folder.Path);

        Assert.True(report.IsEqual, Differences(report));
        Assert.Equal(["aichat.db", "aichat.db.lock"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        // As where the process died before it gave the file its name.
        File.Move(Path.Combine(folder.Path, "aichat.db"), Path.Combine(folder.Path, "aichat.db.partial"));
        Assert.True((await MigrateAsync(_target.Address, "sqlite:" + folder.Path)).IsRepeated);
        await using var back = new Closing(new SqliteStoreFixture(folder.Path));
        await back.Store.InitializeAsync();
        Assert.Equal("저녁은 김치찌개가 좋아요 🍲", Assert.Single(await back.Store.Messages.SearchAsync(_room.Id, ["찌개"], null, null, 9, Never)).Content);
        Assert.Equal(_ann.Id.Value, Assert.Single(await back.Store.Messages.WritersNamedAsync(_room.Id, ["앤🦊"], Never)).UserId);
        Assert.Equal(6, (await back.Store.PostAsync(_room, _ann, "next")).Seq);
    }

    [Fact]
    public void No_table_and_no_collection_is_forgotten()
    {
        var parts = MigratedCollection.All.Select(part => part.Entity).Append(typeof(LeaseRow)).Append(typeof(SeenRow)).ToHashSet();
        using var context = new DesignTimeContext().CreateDbContext([]);
        Assert.Equal(context.Model.GetEntityTypes().Select(type => type.ClrType).ToHashSet(), parts);

        var names = MigratedCollection.All.Select(part => part.Name).Append(Collections.Leases).Except(["reclassified"], StringComparer.Ordinal);
        var collections = typeof(Collections).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);
        Assert.Equal(collections.Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_was_stopped_goes_on_where_it_was()
    {
        await FillAsync(more: 2500);
        using var stop = new CancellationTokenSource();
        await _source.CloseAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Migration().RunAsync(
            From, _target.Address, new Told(each => StopWhen(each is { Collection: "messages", Done: > 1000 })), stop.Token));
        var half = await Arrived(Collections.Messages).CountDocumentsAsync(new BsonDocument());
        Assert.InRange(half, 1, 2504);

        // As where the process died between storing a batch and counting it.
        await Arrived(MigrationRecords.Collection).UpdateOneAsync(new BsonDocument(), new BsonDocument("$set", new BsonDocument("copied.messages", half / 2)));
        var report = await MigrateAsync(From, _target.Address);

        Assert.True(report.IsEqual, Differences(report));
        Assert.True(report.IsContinued);
        Assert.Equal(2505, await Arrived(Collections.Messages).CountDocumentsAsync(new BsonDocument()));

        void StopWhen(bool now)
        {
            if (now)
                stop.Cancel();
        }
    }

    [Fact]
    public async Task A_source_that_was_written_to_between_two_runs_is_told()
    {
        await FillAsync();
        await _source.CloseAsync();
        using var folder = new TemporaryFolder();
        var file = "sqlite:" + folder.Path;
        foreach (var to in (string[])[_target.Address, file])
        {
            using var stop = new CancellationTokenSource();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Migration().RunAsync(From, to, new Told(each => StopAt(each, stop)), stop.Token));
        }

        // Users come in the order of their ids, and those who were there are copied.
        Execute(_source.File, "INSERT INTO users (Id, Nickname, CreatedAt, ExcludeFromAi) VALUES ('0', 'Zoe', 0, 0)");

        Assert.Equal("users", Assert.Single((await MigrateAsync(From, _target.Address)).Collections, each => !each.IsEqual).Name);
        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => MigrateAsync(From, file));
        Assert.Equal($"--from was written to since this migration began; delete {Path.Combine(folder.Path, "aichat.db.partial")}, stop the servers of --from, and run it again.", refusal.Message);

        static void StopAt(MigrationProgress each, CancellationTokenSource stop)
        {
            if (each.Collection == "sessions")
                stop.Cancel();
        }
    }

    [Fact]
    public async Task Nobody_works_with_a_database_that_is_half_full()
    {
        await FillAsync();
        await MigrateAsync(From, _target.Address);
        await Arrived(MigrationRecords.Collection).UpdateOneAsync(new BsonDocument(), new BsonDocument("$unset", new BsonDocument("finishedAt", 1)));

        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => _target.AnotherAsync());
        Assert.StartsWith("MONGODB_URI: ", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith("holds a part of what a migration is to bring; run it to its end, or name another database.", refusal.Message, StringComparison.Ordinal);
        using var folder = new TemporaryFolder();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => MigrateAsync(_target.Address, "sqlite:" + folder.Path));
    }

    [Theory]
    [InlineData(Collections.Messages, "content", "another")]
    [InlineData(Collections.Messages, "embedding", null)]
    [InlineData(Collections.Topics, "name", "another")]
    [InlineData(Collections.Users, "excludeFromAi", "false")]
    [InlineData(Collections.Reads, "seq", null)]
    public async Task A_copy_that_was_damaged_is_found_by_its_checksum(string collection, string field, string? value)
    {
        await FillAsync();
        await _source.CloseAsync();
        await using var from = Expect.Value(await SqliteMigrationStore.OpenSourceAsync(_source.File, Never));
        await using var to = new MongoMigrationStore(MongoAddress.Parse(_target.Address), "--to");
        await StoreMigration.CopyAsync(from, to, Expect.Value(await to.BeginAsync(from.Name, _source.Now, Never)), Nobody, Never);
        var one = new BsonDocument(field, new BsonDocument("$exists", true));
        if (collection == Collections.Users)
            one[field] = true;
        BsonValue damage = value is null ? BsonValue.Create(collection == Collections.Reads ? 1L : new byte[] { 9 }) : value == "false" ? false : value;
        Assert.Equal(1, (await Arrived(collection).UpdateOneAsync(one, new BsonDocument("$set", new BsonDocument(field, damage)))).ModifiedCount);

        var compared = await StoreMigration.CompareAsync(from, to, Nobody, Never);

        Assert.Equal(collection, Assert.Single(compared, each => !each.IsEqual).Name);
    }

    [Fact]
    public async Task A_lost_document_and_one_too_many_are_told()
    {
        await FillAsync();
        await MigrateAsync(From, _target.Address);
        await Arrived(Collections.Sessions).DeleteOneAsync(new BsonDocument());
        await Arrived(Collections.Topics).InsertOneAsync(new BsonDocument { { "_id", "stray" }, { "channelId", "x" }, { "level", 2 }, { "name", "?" }, { "nameSource", 0 }, { "messageCount", 0L }, { "lastSeq", 0L }, { "lastAt", _source.Now.UtcDateTime } });

        var report = await MigrateAsync(From, _target.Address);

        Assert.True(report.IsRepeated);
        Assert.Equal(["sessions", "topics"], report.Collections.Where(each => !each.IsEqual).Select(each => each.Name));
        Assert.All(report.Collections.Where(each => !each.IsEqual), each => Assert.Equal(1, Math.Abs(each.Source.Count - each.Target.Count)));
    }

    [Fact]
    public async Task Only_a_source_that_is_ours_and_an_empty_target_are_taken()
    {
        await FillAsync();
        await _source.CloseAsync();
        using var folder = new TemporaryFolder();
        var (text, foreign, newer) = (Path.Combine(folder.Path, "text.db"), Path.Combine(folder.Path, "foreign.db"), Path.Combine(folder.Path, "newer.db"));
        await File.WriteAllTextAsync(text, new string('x', 9000));
        Execute(foreign, "CREATE TABLE notes (a)");
        File.Copy(_source.File, newer);
        Execute(newer, "INSERT INTO __EFMigrationsHistory VALUES ('99990101000000_Later', '99')");

        await RefusedAsync(MigrationErrors.BadSource, "http://ann:s3cret@a", _target.Address);
        await RefusedAsync(MigrationErrors.BadSource, "mongodb://ann:s3cret@", _target.Address);
        await RefusedAsync(MigrationErrors.BadSource, "sqlite:", _target.Address);
        await RefusedAsync(MigrationErrors.BadTarget, From, "aichat.db");
        await RefusedAsync(MigrationErrors.SameStore, From, "sqlite:" + _source.File);
        await RefusedAsync(MigrationErrors.SameStore, _target.Address, _target.Address);
        await RefusedAsync(MigrationErrors.SourceMissing, "sqlite:" + Path.Combine(folder.Path, "none.db"), _target.Address);
        await RefusedAsync(MigrationErrors.SourceForeign, "sqlite:" + text, _target.Address);
        await RefusedAsync(MigrationErrors.SourceForeign, "sqlite:" + foreign, _target.Address);
        await RefusedAsync(MigrationErrors.SourceForeign, _target.Address, "sqlite:" + Path.Combine(folder.Path, "new.db"));
        await RefusedAsync(MigrationErrors.SourceNewer, "sqlite:" + newer, _target.Address);
        await RefusedAsync(MigrationErrors.TargetTaken, From, "sqlite:" + foreign);
        await AnotherDatabase.GetCollection<BsonDocument>("notes").InsertOneAsync([]);
        await RefusedAsync(MigrationErrors.TargetTaken, From, Another);
        await RefusedAsync(MigrationErrors.SourceForeign, Another, _target.Address);

        // A server that was started there once leaves only what is its own.
        Assert.NotNull(await _target.Leases.AcquireAsync("health", "a server", TimeSpan.FromMinutes(1), Never));
        Assert.True((await MigrateAsync(From, _target.Address)).IsEqual);
        File.Copy(_source.File, Path.Combine(folder.Path, "another.db"));
        await RefusedAsync(MigrationErrors.TargetTaken, "sqlite:" + Path.Combine(folder.Path, "another.db"), _target.Address);
    }

    [Fact]
    public async Task A_source_that_a_server_works_with_is_refused()
    {
        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => Migration().RunAsync(From, _target.Address, Nobody, Never));
        Assert.Equal($"--from: another server already works with {_source.Folder}; stop it, or choose another folder.", refusal.Message);
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_named_without_its_password()
    {
        using var to = new MongoConnection(MongoAddress.Parse("mongodb://ann:s3cret@127.0.0.1:1/?serverSelectionTimeoutMS=100"), null) { StartTimeout = TimeSpan.Zero, Setting = "--to" };
        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => to.ReachAsync(() => Task.CompletedTask, Never));
        Assert.Equal("--to: no MongoDB that takes writes answers at 127.0.0.1:1; start it, or correct the address.", refusal.Message);
        Assert.DoesNotContain("s3cret", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_dead_servers_left_in_a_shared_store_arrives_mended()
    {
        (_ann, _room) = (await _target.JoinAsync(), await _target.OpenRoomAsync());
        var (first, second) = (await _target.PostAsync(_room, _ann, "one"), await _target.PostAsync(_room, _ann, "two"));
        await Arrived(Collections.Rooms).UpdateOneAsync(new BsonDocument(), new BsonDocument("$set", new BsonDocument(Fields.LastSeq, 1L)));
        await Arrived(Collections.Changes).InsertOneAsync(new BsonDocument
        {
            { Fields.Room, _room.Id.Value },
            { Fields.Rev, 1L },
            { Fields.MessageId, first.Id.Value },
            { Fields.Deletions, 1L },
            { Fields.Open, true },
            { Fields.Becomes, new BsonDocument { { Fields.Mentions, new BsonArray() }, { Fields.DeletedAt, _target.Now.UtcDateTime } } },
        });
        using var folder = new TemporaryFolder();

        Assert.True((await MigrateAsync(_target.Address, "sqlite:" + folder.Path)).IsEqual);

        await using var arrived = new Closing(new SqliteStoreFixture(folder.Path));
        await arrived.Store.InitializeAsync();
        Assert.True((await arrived.Store.ReloadAsync(first)).IsDeleted);
        Assert.Equal((2L, 1L, 1L), ((await arrived.Store.ReloadAsync(_room)).LastSeq, (await arrived.Store.ReloadAsync(_room)).Rev, (await arrived.Store.ReloadAsync(_room)).MessageCount));
        Assert.Equal(second.Seq + 1, (await arrived.Store.PostAsync(_room, _ann, "three")).Seq);
    }

    [Theory]
    [InlineData("rooms", "messages")]
    [InlineData("channels", "chats")]
    public async Task A_database_of_the_original_is_brought_over(string rooms, string messages)
    {
        var created = new DateTime(2021, 5, 1, 12, 0, 0, DateTimeKind.Utc);
        await Original("users").InsertManyAsync([new() { { "nickname", "앤🦊" }, { "userId", "ann" } }, new() { { "nickname", "twin" }, { "userId", "t1" } }, new() { { "nickname", "twin" }, { "userId", "t2" } }]);
        await Original(rooms).InsertManyAsync([new() { { "channelName", "점심" }, { "channelId", "lunch" } }, new() { { "channelName", "empty" }, { "channelId", "empty" } }]);
        await Original(messages).InsertManyAsync(
        [
            Chat("lunch", "twin", "third", created.AddMinutes(3)),
            Chat("lunch", "앤🦊", "김치찌개 first 🍲", created.AddMinutes(1)).Add("topic", 4).Add("embedding", new BsonArray { 0.25, -1.5 }),
            Chat("lunch", "stranger", "second", "2021-05-01T12:02:00.000Z"),
            Chat("lunch", "앤🦊", "  ", created),
            Chat("gone", "앤🦊", "elsewhere", created),
            Chat(BsonNull.Value, "앤🦊", "nowhere", created),
        ]);
        using var folder = new TemporaryFolder();

        var report = await MigrateAsync(Another, "sqlite:" + folder.Path);

        Assert.True(report.IsEqual, Differences(report));
        Assert.Equal(
            [
                "A database of the original's shape. Users: 3; nobody was signed in there, so people join anew, under other ids.",
                "Rooms: 3, of these known from their messages alone: 1; they have no owner.",
                "Messages: 4, of these by nicknames that no user has or several have: 2, with the name alone. Left out, without words or a room: 2.",
                "With a vector or a topic of another model: 1; both stay behind, and the server finds topics anew.",
            ],
            report.Notes);
        await using var arrived = new Closing(new SqliteStoreFixture(folder.Path));
        await arrived.Store.InitializeAsync();
        var lunch = new RoomId("lunch");
        var said = await arrived.Store.Messages.ListAsync(MessagesOfRoom.After(lunch, 0, 9), Never);
        Assert.Equal([(1L, "김치찌개 first 🍲", "ann"), (2L, "second", null), (3L, "third", null)], said.Select(message => (message.Seq, message.Content!, message.UserId?.Value)));
        Assert.Equal(["앤🦊", "stranger", "twin"], said.Select(message => message.Nickname));
        Assert.All(said, message => Assert.True(message is { Classified: false, TopicId: null, NgramProfile: null }));
        var home = (await arrived.Store.Rooms.FindAsync(lunch, Never))!;
        Assert.Equal(("점심", 3L, 3L, 0L), (home.Name, home.LastSeq, home.MessageCount, home.Rev));
        Assert.Equal(created.AddMinutes(3), said[2].CreatedAt.UtcDateTime);
        Assert.Single(await arrived.Store.Messages.SearchAsync(lunch, ["찌개"], null, null, 9, Never));
        Assert.Equal("elsewhere", Assert.Single(await arrived.Store.Messages.ListAsync(MessagesOfRoom.After(new RoomId("gone"), 0, 9), Never)).Content);
        Assert.Equal("앤🦊", (await arrived.Store.Users.FindAsync(new UserId("ann"), Never))!.Nickname);
        Assert.False(UserId.IsWellFormed(home.CreatedBy.Value));

        IMongoCollection<BsonDocument> Original(string collection) => AnotherDatabase.GetCollection<BsonDocument>(collection);

        static BsonDocument Chat(BsonValue room, string nickname, string content, BsonValue createdAt)
            => new() { { "room", room }, { "nickname", nickname }, { "content", content }, { "createdAt", createdAt } };
    }

    private static StoreMigration Migration() => new(TimeProvider.System, null, null);

    private static string Differences(MigrationReport report) => string.Join(", ", report.Collections.Where(each => !each.IsEqual));

    private static void Execute(string file, string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static async Task RefusedAsync(Error why, string from, string to) => Assert.Equal(why, (await Migration().RunAsync(from, to, Nobody, Never)).Error);

    /// <summary>As the command does it, with no server at the source.</summary>
    private async Task<MigrationReport> MigrateAsync(string from, string to)
    {
        await _source.CloseAsync();
        return Expect.Value(await Migration().RunAsync(from, to, Nobody, Never));
    }

    /// <summary>Something of everything that a store can hold, times finer than milliseconds among it.</summary>
    private async Task FillAsync(int more = 0)
    {
        _source.Time.Advance(TimeSpan.FromTicks(1_234_567));
        _ann = Expect.Value(User.Join(new UserId("ann"), "앤🦊", _source.Now));
        Expect.Value(await _source.Users.AddAsync(_ann, Session.Start("session-1", _ann.Id, _source.Now), Never));
        _ann.SetExcludeFromAi(true);
        await _source.Users.SaveAsync(_ann, Never);
        var bob = await _source.JoinAsync("Bob");
        _room = await _source.OpenRoomAsync("점심 🍜");
        await _source.OpenRoomAsync("empty");

        var job = Job.Queue(new JobId("job-1"), JobKind.Import, _room.Id, _ann.Id, """{"Format":"jsonl"}""", 9, _source.Now);
        job.Advance(4, 9, "4");
        job.Reject([new RejectedLine(2, "line_malformed")]);
        await _source.Jobs.AddAsync(job, Never);
        var hello = Expect.Value(await _source.Messages.AppendAsync(_room.Id, [_source.Draft(_room, _ann, "hello", "client-1")], Never)).Messages[0];
        var reply = Expect.Value(Message.Post(new MessageId(_source.NewId()), _room, bob, "저녁은 김치찌개가 좋아요 🍲", null, hello.Id, [new Mention("ann", "앤🦊")], _source.Now));
        await _source.Messages.AppendAsync(_room.Id, [reply], Never);
        var old = new DateTimeOffset(1969, 7, 20, 20, 17, 40, TimeSpan.Zero).AddTicks(-1);
        await _source.Messages.AppendAsync(_room.Id, [Expect.Value(Message.Import(new MessageId(_source.NewId()), _room.Id, job.Id, 7, "armstrong", "one small step", old, null))], Never);
        var gone = await _source.PostAsync(_room, bob, "gone");
        await _source.PostAsync(_room, bob, "not looked at yet");

        Topic[] tree = [Open("low", TopicLevel.Low, null), Open("mid", TopicLevel.Mid, "low"), Open("high", TopicLevel.High, "mid"), Open("nothing yet", TopicLevel.High, "mid")];
        Assert.True(await _source.Topics.SaveAssignmentsAsync(
            await _source.LeaseAsync(_room),
            [
                new TopicAssignment(hello.Id, new TopicId("high"), null, [1, 2, 3]),
                new TopicAssignment(reply.Id, new TopicId("high"), hello.Id, [0, 0, 128, 63]),
                new TopicAssignment(gone.Id, new TopicId("high"), null, [7]),
            ],
            tree,
            Never));
        var move = Expect.Value(Correction.Move(
            new CorrectionEntry(new CorrectionId("correction-1"), _room.Id, 1, bob, _source.Now), gone.Id, new TopicId("high"), tree[..3], [await _source.ReloadAsync(hello), gone]));
        Assert.True(await _source.Topics.CorrectAsync(await _source.LeaseAsync(_room), move, [], [], Never));
        move.Undo(_ann.Id, _source.Now);
        Assert.True(await _source.Topics.CorrectAsync(await _source.LeaseAsync(_room), move, [], [], Never));
        await _source.EditAsync(hello, "hello, all");
        await _source.EditAsync(gone, "going");
        await _source.DeleteAsync(gone);
        await _source.Rooms.MoveReadMarkAsync(_ann.Id, _room.Id, 3, Never);
        await _source.Topics.SetReclassifiedUpToAsync(_room.Id, new ReclassifiedUpTo(4, 2), Never);
        await _source.Vectors.SaveAsync([MessageEmbedding.Of(await _source.ReloadAsync(hello), new EmbeddingModel("somebody/tiny", "c1", 3), [0.6f, -0.8f, 0])], Never);
        await _source.Summaries.SaveAsync(Summary.Of(new SummaryId(_source.NewId()), _room.Id, "100", "f", 1, 3, """{"topics":{}}""", null, _source.Now), Never);
        var judged = Summary.Of(new SummaryId(_source.NewId()), _room.Id, "50", "f", 1, 3, "{}", null, _source.Now);
        await _source.Summaries.SaveVoteAsync(SummaryVote.Of(judged, _ann.Id, "high/0/1", "openai:m", isUp: true, "재밌다", _source.Now), Never);
        await _source.Summaries.SaveVoteAsync(SummaryVote.Of(judged, bob.Id, null, "extractive", isUp: false, null, _source.Now), Never);
        await _source.Summaries.SavePartAsync(SummaryPart.Of("a part", _room.Id, 1, 3, """{"Content":"김치"}""", _source.Now), default, Never);
        await _source.Spending.AddAsync(SpendingEntry.Of(_source.NewId(), new SpendingAccount(_ann.Id, _room.Id), "2026-01", new Money(1_250), _source.Now), Never);
        _room.ScheduleSummaries(Expect.Value(SummarySchedule.Of(SummaryCadence.Daily, 7, "Asia/Seoul")), _source.Now);
        await _source.Rooms.SaveSummaryScheduleAsync(_room, Never);
        await _source.Summaries.SaveAsync(Summary.Of(new SummaryId(_source.NewId()), _room.Id, "unread", "f", 1, 3, "{}", _ann.Id, _source.Now), Never);

        if (more > 0)
            await _source.Messages.AppendAsync(_room.Id, [.. Enumerable.Range(1, more).Select(line => _source.Draft(_room, bob, $"line {line} 이야기"))], Never);

        Topic Open(string id, TopicLevel level, string? parent)
            => Topic.Open(new TopicId(id), _room.Id, level, parent is null ? null : new TopicId(parent), new TopicName("name of " + id, ["김치", id]));
    }

    private sealed class Told(Action<MigrationProgress> tell) : IProgress<MigrationProgress>
    {
        public void Report(MigrationProgress value) => tell(value);
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("aichat-test-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }

    /// <summary>A store that goes before its folder does.</summary>
    private sealed class Closing(SqliteStoreFixture store) : IAsyncDisposable
    {
        public SqliteStoreFixture Store => store;

        public async ValueTask DisposeAsync() => await store.CloseAsync();
    }
}
