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

    private readonly SqliteStoreFixture source = new();
    private readonly MongoStoreFixture target = new();
    private User ann = null!;
    private Room room = null!;

    private string From => "sqlite:" + source.Folder;

    /// <summary>A database beside the target's, with nothing in it, not even indexes.</summary>
    private string Another => new MongoUrlBuilder(target.Address) { DatabaseName = target.Connection.DatabaseName + "-another" }.ToString();

    private IMongoDatabase AnotherDatabase => target.Connection.Client.GetDatabase(target.Connection.DatabaseName + "-another");

    private IMongoCollection<BsonDocument> Arrived(string collection) => target.Connection.Raw(collection);

    public async Task InitializeAsync()
    {
        await source.InitializeAsync();
        await target.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await source.DisposeAsync();
        await AnotherDatabase.Client.DropDatabaseAsync(AnotherDatabase.DatabaseNamespace.DatabaseName);
        await target.DisposeAsync();
    }

    [Fact]
    public async Task Everything_arrives_equal()
    {
        await FillAsync();

        var report = await MigrateAsync(From, target.Address);

        Assert.True(report.IsEqual, Differences(report));
        Assert.Equal((false, false), (report.IsContinued, report.IsRepeated));
        Assert.All(report.Collections, each => Assert.True(each.Source.Count > 0, each.Name + " was not tried"));
        Assert.Equal(MigratedCollection.All.Select(part => part.Name), report.Collections.Select(each => each.Name));
    }

    [Fact]
    public async Task A_server_goes_on_with_it_as_if_nothing_had_happened()
    {
        await FillAsync();
        await MigrateAsync(From, target.Address);

        var home = await target.ReloadAsync(room);
        Assert.Equal((5L, 3L, 4L), (home.LastSeq, home.Rev, home.MessageCount));
        Assert.Equal("session-1", (await target.Users.FindSessionAsync("session-1", Never))!.Id);
        Assert.Equal(3, (await target.Rooms.ReadMarksAsync(ann.Id, [room.Id], Never))[room.Id]);
        Assert.Equal(new ReclassifiedUpTo(4, 2), await target.Topics.ReclassifiedUpToAsync(room.Id, Never));
        Assert.Equal([room.Id], await target.Messages.RoomsWithWorkAsync(Never));
        Assert.Equal(7, await target.Messages.LastImportedLineAsync(room.Id, new JobId("job-1"), Never));
        Assert.Equal("저녁은 김치찌개가 좋아요 🍲", Assert.Single(await target.Messages.SearchAsync(room.Id, ["찌개"], null, null, 9, Never)).Content);
        Assert.Equal(ann.Id.Value, Assert.Single(await target.Messages.WritersNamedAsync(room.Id, ["앤🦊"], Never)).UserId);

        var repeated = Expect.Value(await target.Messages.AppendAsync(room.Id, [target.Draft(room, ann, "hello", "client-1")], Never));
        Assert.True(repeated.Repeated);
        var next = await target.PostAsync(room, ann, "next");
        Assert.Equal(6, next.Seq);
        await target.DeleteAsync(next);
        home = await target.ReloadAsync(room);
        Assert.Equal((6L, 4L, 4L), (home.LastSeq, home.Rev, home.MessageCount));
        Assert.Equal([next.Id], (await target.Messages.ChangedAfterAsync(room.Id, 3, 9, Never)).Messages.Select(message => message.Id));
    }

    [Fact]
    public async Task And_back_again()
    {
        await FillAsync();
        await MigrateAsync(From, target.Address);
        using var folder = new TemporaryFolder();

        var report = await MigrateAsync(target.Address, "sqlite:" + folder.Path);

        Assert.True(report.IsEqual, Differences(report));
        Assert.Equal(["aichat.db", "aichat.db.lock"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        // As where the process died before it gave the file its name.
        File.Move(Path.Combine(folder.Path, "aichat.db"), Path.Combine(folder.Path, "aichat.db.partial"));
        Assert.True((await MigrateAsync(target.Address, "sqlite:" + folder.Path)).IsRepeated);
        await using var back = new Closing(new SqliteStoreFixture(folder.Path));
        await back.Store.InitializeAsync();
        Assert.Equal("저녁은 김치찌개가 좋아요 🍲", Assert.Single(await back.Store.Messages.SearchAsync(room.Id, ["찌개"], null, null, 9, Never)).Content);
        Assert.Equal(ann.Id.Value, Assert.Single(await back.Store.Messages.WritersNamedAsync(room.Id, ["앤🦊"], Never)).UserId);
        Assert.Equal(6, (await back.Store.PostAsync(room, ann, "next")).Seq);
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
        await source.CloseAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Migration().RunAsync(
            From, target.Address, new Told(each => StopWhen(each is { Collection: "messages", Done: > 1000 })), stop.Token));
        var half = await Arrived(Collections.Messages).CountDocumentsAsync(new BsonDocument());
        Assert.InRange(half, 1, 2504);

        // As where the process died between storing a batch and counting it.
        await Arrived(MigrationRecords.Collection).UpdateOneAsync(new BsonDocument(), new BsonDocument("$set", new BsonDocument("copied.messages", half / 2)));
        var report = await MigrateAsync(From, target.Address);

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
        await source.CloseAsync();
        using var folder = new TemporaryFolder();
        var file = "sqlite:" + folder.Path;
        foreach (var to in (string[])[target.Address, file])
        {
            using var stop = new CancellationTokenSource();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Migration().RunAsync(From, to, new Told(each => StopAt(each, stop)), stop.Token));
        }

        // Users come in the order of their ids, and those who were there are copied.
        Execute(source.File, "INSERT INTO users (Id, Nickname, CreatedAt, ExcludeFromAi) VALUES ('0', 'Zoe', 0, 0)");

        Assert.Equal("users", Assert.Single((await MigrateAsync(From, target.Address)).Collections, each => !each.IsEqual).Name);
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
        await MigrateAsync(From, target.Address);
        await Arrived(MigrationRecords.Collection).UpdateOneAsync(new BsonDocument(), new BsonDocument("$unset", new BsonDocument("finishedAt", 1)));

        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => target.AnotherAsync());
        Assert.StartsWith("MONGODB_URI: ", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith("holds a part of what a migration is to bring; run it to its end, or name another database.", refusal.Message, StringComparison.Ordinal);
        using var folder = new TemporaryFolder();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => MigrateAsync(target.Address, "sqlite:" + folder.Path));
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
        await source.CloseAsync();
        await using var from = Expect.Value(await SqliteMigrationStore.OpenSourceAsync(source.File, Never));
        await using var to = new MongoMigrationStore(MongoAddress.Parse(target.Address), "--to");
        await StoreMigration.CopyAsync(from, to, Expect.Value(await to.BeginAsync(from.Name, source.Now, Never)), Nobody, Never);
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
        await MigrateAsync(From, target.Address);
        await Arrived(Collections.Sessions).DeleteOneAsync(new BsonDocument());
        await Arrived(Collections.Topics).InsertOneAsync(new BsonDocument { { "_id", "stray" }, { "channelId", "x" }, { "level", 2 }, { "name", "?" }, { "nameSource", 0 }, { "messageCount", 0L }, { "lastSeq", 0L }, { "lastAt", source.Now.UtcDateTime } });

        var report = await MigrateAsync(From, target.Address);

        Assert.True(report.IsRepeated);
        Assert.Equal(["sessions", "topics"], report.Collections.Where(each => !each.IsEqual).Select(each => each.Name));
        Assert.All(report.Collections.Where(each => !each.IsEqual), each => Assert.Equal(1, Math.Abs(each.Source.Count - each.Target.Count)));
    }

    [Fact]
    public async Task Only_a_source_that_is_ours_and_an_empty_target_are_taken()
    {
        await FillAsync();
        await source.CloseAsync();
        using var folder = new TemporaryFolder();
        var (text, foreign, newer) = (Path.Combine(folder.Path, "text.db"), Path.Combine(folder.Path, "foreign.db"), Path.Combine(folder.Path, "newer.db"));
        await File.WriteAllTextAsync(text, new string('x', 9000));
        Execute(foreign, "CREATE TABLE notes (a)");
        File.Copy(source.File, newer);
        Execute(newer, "INSERT INTO __EFMigrationsHistory VALUES ('99990101000000_Later', '99')");

        await RefusedAsync(MigrationErrors.BadSource, "http://ann:s3cret@a", target.Address);
        await RefusedAsync(MigrationErrors.BadSource, "mongodb://ann:s3cret@", target.Address);
        await RefusedAsync(MigrationErrors.BadSource, "sqlite:", target.Address);
        await RefusedAsync(MigrationErrors.BadTarget, From, "aichat.db");
        await RefusedAsync(MigrationErrors.SameStore, From, "sqlite:" + source.File);
        await RefusedAsync(MigrationErrors.SameStore, target.Address, target.Address);
        await RefusedAsync(MigrationErrors.SourceMissing, "sqlite:" + Path.Combine(folder.Path, "none.db"), target.Address);
        await RefusedAsync(MigrationErrors.SourceForeign, "sqlite:" + text, target.Address);
        await RefusedAsync(MigrationErrors.SourceForeign, "sqlite:" + foreign, target.Address);
        await RefusedAsync(MigrationErrors.SourceForeign, target.Address, "sqlite:" + Path.Combine(folder.Path, "new.db"));
        await RefusedAsync(MigrationErrors.SourceNewer, "sqlite:" + newer, target.Address);
        await RefusedAsync(MigrationErrors.TargetTaken, From, "sqlite:" + foreign);
        await AnotherDatabase.GetCollection<BsonDocument>("notes").InsertOneAsync([]);
        await RefusedAsync(MigrationErrors.TargetTaken, From, Another);
        await RefusedAsync(MigrationErrors.SourceForeign, Another, target.Address);

        // A server that was started there once leaves only what is its own.
        Assert.NotNull(await target.Leases.AcquireAsync("health", "a server", TimeSpan.FromMinutes(1), Never));
        Assert.True((await MigrateAsync(From, target.Address)).IsEqual);
        File.Copy(source.File, Path.Combine(folder.Path, "another.db"));
        await RefusedAsync(MigrationErrors.TargetTaken, "sqlite:" + Path.Combine(folder.Path, "another.db"), target.Address);
    }

    [Fact]
    public async Task A_source_that_a_server_works_with_is_refused()
    {
        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => Migration().RunAsync(From, target.Address, Nobody, Never));
        Assert.Equal($"--from: another server already works with {source.Folder}; stop it, or choose another folder.", refusal.Message);
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_named_without_its_password()
    {
        using var to = new MongoConnection(MongoAddress.Parse("mongodb://ann:s3cret@127.0.0.1:1/?serverSelectionTimeoutMS=100"), null) { StartPatience = TimeSpan.Zero, Setting = "--to" };
        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => to.ReachAsync(() => Task.CompletedTask, Never));
        Assert.Equal("--to: no MongoDB that takes writes answers at 127.0.0.1:1; start it, or correct the address.", refusal.Message);
        Assert.DoesNotContain("s3cret", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_dead_servers_left_in_a_shared_store_arrives_mended()
    {
        (ann, room) = (await target.JoinAsync(), await target.OpenRoomAsync());
        var (first, second) = (await target.PostAsync(room, ann, "one"), await target.PostAsync(room, ann, "two"));
        await Arrived(Collections.Rooms).UpdateOneAsync(new BsonDocument(), new BsonDocument("$set", new BsonDocument(Fields.LastSeq, 1L)));
        await Arrived(Collections.Changes).InsertOneAsync(new BsonDocument
        {
            { Fields.Room, room.Id.Value },
            { Fields.Rev, 1L },
            { Fields.MessageId, first.Id.Value },
            { Fields.Deletions, 1L },
            { Fields.Open, true },
            { Fields.Becomes, new BsonDocument { { Fields.Mentions, new BsonArray() }, { Fields.DeletedAt, target.Now.UtcDateTime } } },
        });
        using var folder = new TemporaryFolder();

        Assert.True((await MigrateAsync(target.Address, "sqlite:" + folder.Path)).IsEqual);

        await using var arrived = new Closing(new SqliteStoreFixture(folder.Path));
        await arrived.Store.InitializeAsync();
        Assert.True((await arrived.Store.ReloadAsync(first)).IsDeleted);
        Assert.Equal((2L, 1L, 1L), ((await arrived.Store.ReloadAsync(room)).LastSeq, (await arrived.Store.ReloadAsync(room)).Rev, (await arrived.Store.ReloadAsync(room)).MessageCount));
        Assert.Equal(second.Seq + 1, (await arrived.Store.PostAsync(room, ann, "three")).Seq);
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
        await source.CloseAsync();
        return Expect.Value(await Migration().RunAsync(from, to, Nobody, Never));
    }

    /// <summary>Something of everything that a store can hold, times finer than milliseconds among it.</summary>
    private async Task FillAsync(int more = 0)
    {
        source.Time.Advance(TimeSpan.FromTicks(1_234_567));
        ann = Expect.Value(User.Join(new UserId("ann"), "앤🦊", source.Now));
        Expect.Value(await source.Users.AddAsync(ann, Session.Start("session-1", ann.Id, source.Now), Never));
        ann.SetExcludeFromAi(true);
        await source.Users.SaveAsync(ann, Never);
        var bob = await source.JoinAsync("Bob");
        room = await source.OpenRoomAsync("점심 🍜");
        await source.OpenRoomAsync("empty");

        var job = Job.Queue(new JobId("job-1"), JobKind.Import, room.Id, ann.Id, """{"Format":"jsonl"}""", 9, source.Now);
        job.Advance(4, 9, "4");
        job.Reject([new RejectedLine(2, "line_malformed")]);
        await source.Jobs.AddAsync(job, Never);
        var hello = Expect.Value(await source.Messages.AppendAsync(room.Id, [source.Draft(room, ann, "hello", "client-1")], Never)).Messages[0];
        var reply = Expect.Value(Message.Post(new MessageId(source.NewId()), room, bob, "저녁은 김치찌개가 좋아요 🍲", null, hello.Id, [new Mention("ann", "앤🦊")], source.Now));
        await source.Messages.AppendAsync(room.Id, [reply], Never);
        var old = new DateTimeOffset(1969, 7, 20, 20, 17, 40, TimeSpan.Zero).AddTicks(-1);
        await source.Messages.AppendAsync(room.Id, [Expect.Value(Message.Import(new MessageId(source.NewId()), room.Id, job.Id, 7, "armstrong", "one small step", old, null))], Never);
        var gone = await source.PostAsync(room, bob, "gone");
        await source.PostAsync(room, bob, "not looked at yet");

        Topic[] tree = [Open("low", TopicLevel.Low, null), Open("mid", TopicLevel.Mid, "low"), Open("high", TopicLevel.High, "mid"), Open("nothing yet", TopicLevel.High, "mid")];
        Assert.True(await source.Topics.SaveAssignmentsAsync(
            await source.LeaseAsync(room),
            [
                new TopicAssignment(hello.Id, new TopicId("high"), null, [1, 2, 3]),
                new TopicAssignment(reply.Id, new TopicId("high"), hello.Id, [0, 0, 128, 63]),
                new TopicAssignment(gone.Id, new TopicId("high"), null, [7]),
            ],
            tree,
            Never));
        var move = Expect.Value(Correction.Move(
            new CorrectionEntry(new CorrectionId("correction-1"), room.Id, 1, bob, source.Now), gone.Id, new TopicId("high"), tree[..3], [await source.ReloadAsync(hello), gone]));
        Assert.True(await source.Topics.CorrectAsync(await source.LeaseAsync(room), move, [], [], Never));
        move.Undo(ann.Id, source.Now);
        Assert.True(await source.Topics.CorrectAsync(await source.LeaseAsync(room), move, [], [], Never));
        await source.EditAsync(hello, "hello, all");
        await source.EditAsync(gone, "going");
        await source.DeleteAsync(gone);
        await source.Rooms.MoveReadMarkAsync(ann.Id, room.Id, 3, Never);
        await source.Topics.SetReclassifiedUpToAsync(room.Id, new ReclassifiedUpTo(4, 2), Never);
        await source.Vectors.SaveAsync([MessageEmbedding.Of(await source.ReloadAsync(hello), new EmbeddingModel("somebody/tiny", "c1", 3), [0.6f, -0.8f, 0])], Never);
        await source.Summaries.SaveAsync(Summary.Of(new SummaryId(source.NewId()), room.Id, "100", "f", 1, 3, """{"topics":{}}""", null, source.Now), Never);
        var judged = Summary.Of(new SummaryId(source.NewId()), room.Id, "50", "f", 1, 3, "{}", null, source.Now);
        await source.Summaries.SaveVoteAsync(SummaryVote.Of(judged, ann.Id, "high/0/1", "openai:m", isUp: true, "재밌다", source.Now), Never);
        await source.Summaries.SaveVoteAsync(SummaryVote.Of(judged, bob.Id, null, "extractive", isUp: false, null, source.Now), Never);
        await source.Summaries.SavePartAsync(SummaryPart.Of("a part", room.Id, 1, 3, """{"Content":"김치"}""", source.Now), default, Never);
        await source.Spending.AddAsync(SpendingEntry.Of(source.NewId(), new SpendingAccount(ann.Id, room.Id), "2026-01", new Money(1_250), source.Now), Never);
        room.ScheduleSummaries(Expect.Value(SummarySchedule.Of(SummaryCadence.Daily, 7, "Asia/Seoul")), source.Now);
        await source.Rooms.SaveSummaryScheduleAsync(room, Never);
        await source.Summaries.SaveAsync(Summary.Of(new SummaryId(source.NewId()), room.Id, "unread", "f", 1, 3, "{}", ann.Id, source.Now), Never);

        if (more > 0)
            await source.Messages.AppendAsync(room.Id, [.. Enumerable.Range(1, more).Select(line => source.Draft(room, bob, $"line {line} 이야기"))], Never);

        Topic Open(string id, TopicLevel level, string? parent)
            => Topic.Open(new TopicId(id), room.Id, level, parent is null ? null : new TopicId(parent), new TopicName("name of " + id, ["김치", id]));
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
