using System.Reflection;
using AIChat.Application.Common;
using AIChat.Domain.Jobs;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Persistence;
using AIChat.Infrastructure.Persistence.Common;
using AIChat.Infrastructure.Persistence.DataMigration;
using AIChat.Infrastructure.Persistence.Mongo;
using AIChat.Infrastructure.Persistence.Sqlite;
using MongoDB.Bson;

namespace AIChat.Infrastructure.Tests.Persistence;

/// <summary>A store is migrated into another one, and the two are compared.</summary>
public sealed class MongoMigrationTests : MigrationTestBase
{
    [Fact]
    public async Task Everything_arrives_equal()
    {
        await FillAsync();

        var report = await MigrateAsync(From, Target.Address);

        Assert.True(report.IsEqual, Differences(report));
        Assert.Equal((false, false), (report.IsContinued, report.IsRepeated));
        Assert.All(report.Collections, each => Assert.True(each.Source.Count > 0, each.Name + " was not tried"));
        Assert.Equal(MigratedCollection.All.Select(part => part.Name), report.Collections.Select(each => each.Name));
    }

    [Fact]
    public async Task A_server_goes_on_with_it_as_if_nothing_had_happened()
    {
        await FillAsync();
        await MigrateAsync(From, Target.Address);

        var home = await Target.ReloadAsync(Room);
        Assert.Equal((5L, 3L, 4L), (home.LastSeq, home.Rev, home.MessageCount));
        Assert.Equal("session-1", (await Target.Users.FindSessionAsync("session-1", Never))!.Id);
        Assert.Equal(3, (await Target.Rooms.ReadMarksAsync(Ann.Id, [Room.Id], Never))[Room.Id]);
        Assert.Equal(new ReclassifiedUpTo(4, 2), await Target.Topics.ReclassifiedUpToAsync(Room.Id, Never));
        Assert.Equal([Room.Id], await Target.Messages.RoomsWithWorkAsync(Never));
        Assert.Equal(7, await Target.Messages.LastImportedLineAsync(Room.Id, new JobId("job-1"), Never));
        Assert.Equal("저녁은 김치찌개가 좋아요 🍲", Assert.Single(await Target.Messages.SearchAsync(Room.Id, ["찌개"], null, null, 9, Never)).Content);
        Assert.Equal(Ann.Id.Value, Assert.Single(await Target.Messages.WritersNamedAsync(Room.Id, ["앤🦊"], Never)).UserId);

        var repeated = Expect.Value(await Target.Messages.AppendAsync(Room.Id, [Target.Draft(Room, Ann, "hello", "client-1")], Never));
        Assert.True(repeated.Repeated);
        var next = await Target.PostAsync(Room, Ann, "next");
        Assert.Equal(6, next.Seq);
        await Target.DeleteAsync(next);
        home = await Target.ReloadAsync(Room);
        Assert.Equal((6L, 4L, 4L), (home.LastSeq, home.Rev, home.MessageCount));
        Assert.Equal([next.Id], (await Target.Messages.ChangedAfterAsync(Room.Id, 3, 9, Never)).Messages.Select(message => message.Id));
    }

    [Fact]
    public async Task And_back_again()
    {
        await FillAsync();
        await MigrateAsync(From, Target.Address);
        using var folder = new TemporaryFolder();

        var report = await MigrateAsync(Target.Address, "sqlite:" + folder.Path);

        Assert.True(report.IsEqual, Differences(report));
        Assert.Equal(["aichat.db", "aichat.db.lock"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        // As where the process died before it gave the file its name.
        File.Move(Path.Combine(folder.Path, "aichat.db"), Path.Combine(folder.Path, "aichat.db.partial"));
        Assert.True((await MigrateAsync(Target.Address, "sqlite:" + folder.Path)).IsRepeated);
        await using var back = new Closing(new SqliteStoreFixture(folder.Path));
        await back.Store.InitializeAsync();
        Assert.Equal("저녁은 김치찌개가 좋아요 🍲", Assert.Single(await back.Store.Messages.SearchAsync(Room.Id, ["찌개"], null, null, 9, Never)).Content);
        Assert.Equal(Ann.Id.Value, Assert.Single(await back.Store.Messages.WritersNamedAsync(Room.Id, ["앤🦊"], Never)).UserId);
        Assert.Equal(6, (await back.Store.PostAsync(Room, Ann, "next")).Seq);
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
        await Source.CloseAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Migration().RunAsync(
            From, Target.Address, new Told(each => StopWhen(each is { Collection: "messages", Done: > 1000 })), stop.Token));
        var half = await Arrived(Collections.Messages).CountDocumentsAsync(new BsonDocument());
        Assert.InRange(half, 1, 2504);

        // As where the process died between storing a batch and counting it.
        await Arrived(MigrationRecords.Collection).UpdateOneAsync(new BsonDocument(), new BsonDocument("$set", new BsonDocument("copied.messages", half / 2)));
        var report = await MigrateAsync(From, Target.Address);

        Assert.True(report.IsEqual, Differences(report));
        Assert.True(report.IsContinued);
        Assert.Equal(2505, await Arrived(Collections.Messages).CountDocumentsAsync(new BsonDocument()));

        void StopWhen(bool now)
        {
            if (now)
                stop.Cancel();
        }
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
        await Source.CloseAsync();
        await using var from = Expect.Value(await SqliteMigrationStore.OpenSourceAsync(Source.File, Never));
        await using var to = new MongoMigrationStore(MongoAddress.Parse(Target.Address), "--to");
        await StoreMigration.CopyAsync(from, to, Expect.Value(await to.BeginAsync(from.Name, Source.Now, Never)), Silent, Never);
        var one = new BsonDocument(field, new BsonDocument("$exists", true));
        if (collection == Collections.Users)
            one[field] = true;
        BsonValue damage = value is null ? BsonValue.Create(collection == Collections.Reads ? 1L : new byte[] { 9 }) : value == "false" ? false : value;
        Assert.Equal(1, (await Arrived(collection).UpdateOneAsync(one, new BsonDocument("$set", new BsonDocument(field, damage)))).ModifiedCount);

        var compared = await StoreMigration.CompareAsync(from, to, Silent, Never);

        Assert.Equal(collection, Assert.Single(compared, each => !each.IsEqual).Name);
    }

    [Fact]
    public async Task A_lost_document_and_one_too_many_are_told()
    {
        await FillAsync();
        await MigrateAsync(From, Target.Address);
        await Arrived(Collections.Sessions).DeleteOneAsync(new BsonDocument());
        await Arrived(Collections.Topics).InsertOneAsync(new BsonDocument { { "_id", "stray" }, { "channelId", "x" }, { "level", 2 }, { "name", "?" }, { "nameSource", 0 }, { "messageCount", 0L }, { "lastSeq", 0L }, { "lastAt", Source.Now.UtcDateTime } });

        var report = await MigrateAsync(From, Target.Address);

        Assert.True(report.IsRepeated);
        Assert.Equal(["sessions", "topics"], report.Collections.Where(each => !each.IsEqual).Select(each => each.Name));
        Assert.All(report.Collections.Where(each => !each.IsEqual), each => Assert.Equal(1, Math.Abs(each.Source.Count - each.Target.Count)));
    }

    [Fact]
    public async Task What_dead_servers_left_in_a_shared_store_arrives_mended()
    {
        (Ann, Room) = (await Target.JoinAsync(), await Target.OpenRoomAsync());
        var (first, second) = (await Target.PostAsync(Room, Ann, "one"), await Target.PostAsync(Room, Ann, "two"));
        await Arrived(Collections.Rooms).UpdateOneAsync(new BsonDocument(), new BsonDocument("$set", new BsonDocument(Fields.LastSeq, 1L)));
        await Arrived(Collections.Changes).InsertOneAsync(new BsonDocument
        {
            { Fields.Room, Room.Id.Value },
            { Fields.Rev, 1L },
            { Fields.MessageId, first.Id.Value },
            { Fields.Deletions, 1L },
            { Fields.Open, true },
            { Fields.Becomes, new BsonDocument { { Fields.Mentions, new BsonArray() }, { Fields.DeletedAt, Target.Now.UtcDateTime } } },
        });
        using var folder = new TemporaryFolder();

        Assert.True((await MigrateAsync(Target.Address, "sqlite:" + folder.Path)).IsEqual);

        await using var arrived = new Closing(new SqliteStoreFixture(folder.Path));
        await arrived.Store.InitializeAsync();
        Assert.True((await arrived.Store.ReloadAsync(first)).IsDeleted);
        Assert.Equal((2L, 1L, 1L), ((await arrived.Store.ReloadAsync(Room)).LastSeq, (await arrived.Store.ReloadAsync(Room)).Rev, (await arrived.Store.ReloadAsync(Room)).MessageCount));
        Assert.Equal(second.Seq + 1, (await arrived.Store.PostAsync(Room, Ann, "three")).Seq);
    }

    private sealed class Told(Action<MigrationProgress> tell) : IProgress<MigrationProgress>
    {
        public void Report(MigrationProgress value) => tell(value);
    }
}
