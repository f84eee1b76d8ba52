using AIChat.Application.Common;
using AIChat.Domain.Common;
using AIChat.Infrastructure.Persistence.Mongo;
using MongoDB.Bson;

namespace AIChat.Infrastructure.Tests.Persistence;

/// <summary>Sources and targets that a migration refuses.</summary>
public sealed class MongoMigrationRefusalTests : MigrationTestBase
{
    [Fact]
    public async Task A_source_that_was_written_to_between_two_runs_is_told()
    {
        await FillAsync();
        await Source.CloseAsync();
        using var folder = new TemporaryFolder();
        var file = "sqlite:" + folder.Path;
        foreach (var to in (string[])[Target.Address, file])
        {
            using var stop = new CancellationTokenSource();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Migration().RunAsync(From, to, new Told(each => StopAt(each, stop)), stop.Token));
        }

        // Users come in the order of their ids, and those who were there are copied.
        Execute(Source.File, "INSERT INTO users (Id, Nickname, CreatedAt, ExcludeFromAi) VALUES ('0', 'Zoe', 0, 0)");

        Assert.Equal("users", Assert.Single((await MigrateAsync(From, Target.Address)).Collections, each => !each.IsEqual).Name);
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
        await MigrateAsync(From, Target.Address);
        await Arrived(MigrationRecords.Collection).UpdateOneAsync(new BsonDocument(), new BsonDocument("$unset", new BsonDocument("finishedAt", 1)));

        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => Target.AnotherAsync());
        Assert.StartsWith("MONGODB_URI: ", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith("holds a part of what a migration is to bring; run it to its end, or name another database.", refusal.Message, StringComparison.Ordinal);
        using var folder = new TemporaryFolder();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => MigrateAsync(Target.Address, "sqlite:" + folder.Path));
    }

    [Fact]
    public async Task Only_a_source_that_is_ours_and_an_empty_target_are_taken()
    {
        await FillAsync();
        await Source.CloseAsync();
        using var folder = new TemporaryFolder();
        var (text, foreign, newer) = (Path.Combine(folder.Path, "text.db"), Path.Combine(folder.Path, "foreign.db"), Path.Combine(folder.Path, "newer.db"));
        await File.WriteAllTextAsync(text, new string('x', 9000));
        Execute(foreign, "CREATE TABLE notes (a)");
        File.Copy(Source.File, newer);
        Execute(newer, "INSERT INTO __EFMigrationsHistory VALUES ('99990101000000_Later', '99')");

        await RefusedAsync(MigrationErrors.BadSource, "http://ann:s3cret@a", Target.Address);
        await RefusedAsync(MigrationErrors.BadSource, "mongodb://ann:s3cret@", Target.Address);
        await RefusedAsync(MigrationErrors.BadSource, "sqlite:", Target.Address);
        await RefusedAsync(MigrationErrors.BadTarget, From, "aichat.db");
        await RefusedAsync(MigrationErrors.SameStore, From, "sqlite:" + Source.File);
        await RefusedAsync(MigrationErrors.SameStore, Target.Address, Target.Address);
        await RefusedAsync(MigrationErrors.SourceMissing, "sqlite:" + Path.Combine(folder.Path, "none.db"), Target.Address);
        await RefusedAsync(MigrationErrors.SourceForeign, "sqlite:" + text, Target.Address);
        await RefusedAsync(MigrationErrors.SourceForeign, "sqlite:" + foreign, Target.Address);
        await RefusedAsync(MigrationErrors.SourceForeign, Target.Address, "sqlite:" + Path.Combine(folder.Path, "new.db"));
        await RefusedAsync(MigrationErrors.SourceNewer, "sqlite:" + newer, Target.Address);
        await RefusedAsync(MigrationErrors.TargetTaken, From, "sqlite:" + foreign);
        await AnotherDatabase.GetCollection<BsonDocument>("notes").InsertOneAsync([]);
        await RefusedAsync(MigrationErrors.TargetTaken, From, Another);
        await RefusedAsync(MigrationErrors.SourceForeign, Another, Target.Address);

        // A server that was started there once leaves only what is its own.
        Assert.NotNull(await Target.Leases.AcquireAsync("health", "a server", TimeSpan.FromMinutes(1), Never));
        Assert.True((await MigrateAsync(From, Target.Address)).IsEqual);
        File.Copy(Source.File, Path.Combine(folder.Path, "another.db"));
        await RefusedAsync(MigrationErrors.TargetTaken, "sqlite:" + Path.Combine(folder.Path, "another.db"), Target.Address);
    }

    [Fact]
    public async Task A_source_that_a_server_works_with_is_refused()
    {
        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => Migration().RunAsync(From, Target.Address, Silent, Never));
        Assert.Equal($"--from: another server already works with {Source.Folder}; stop it, or choose another folder.", refusal.Message);
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_named_without_its_password()
    {
        using var to = new MongoConnection(MongoAddress.Parse("mongodb://ann:s3cret@127.0.0.1:1/?serverSelectionTimeoutMS=100"), null) { StartTimeout = TimeSpan.Zero, Setting = "--to" };
        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => to.ReachAsync(() => Task.CompletedTask, Never));
        Assert.Equal("--to: no MongoDB that takes writes answers at 127.0.0.1:1; start it, or correct the address.", refusal.Message);
        Assert.DoesNotContain("s3cret", refusal.ToString(), StringComparison.Ordinal);
    }

    private static void Execute(string file, string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static async Task RefusedAsync(Error why, string from, string to) => Assert.Equal(why, (await Migration().RunAsync(from, to, Silent, Never)).Error);

    private sealed class Told(Action<MigrationProgress> tell) : IProgress<MigrationProgress>
    {
        public void Report(MigrationProgress value) => tell(value);
    }
}
