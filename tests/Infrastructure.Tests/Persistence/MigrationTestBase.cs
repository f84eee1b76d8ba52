using AIChat.Application.Common;
using AIChat.Domain.Rooms;
using AIChat.Domain.Users;
using AIChat.Infrastructure.Persistence;
using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Tests.Persistence;

/// <summary>An embedded store to migrate from and a shared store to migrate to, both real databases.</summary>
public abstract class MigrationTestBase : IAsyncLifetime
{
    private protected static IProgress<MigrationProgress> Silent { get; } = new Progress<MigrationProgress>();

    private protected static CancellationToken Never => CancellationToken.None;

    private protected SqliteStoreFixture Source { get; } = new();

    private protected MongoStoreFixture Target { get; } = new();

    private protected User Ann { get; set; } = null!;

    private protected Room Room { get; set; } = null!;

    private protected string From => "sqlite:" + Source.Folder;

    /// <summary>A database beside the target's, with nothing in it, not even indexes.</summary>
    private protected string Another => new MongoUrlBuilder(Target.Address) { DatabaseName = Target.Connection.DatabaseName + "-another" }.ToString();

    private protected IMongoDatabase AnotherDatabase => Target.Connection.Client.GetDatabase(Target.Connection.DatabaseName + "-another");

    private protected IMongoCollection<BsonDocument> Arrived(string collection) => Target.Connection.Raw(collection);

    public async Task InitializeAsync()
    {
        await Source.InitializeAsync();
        await Target.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await Source.DisposeAsync();
        await AnotherDatabase.Client.DropDatabaseAsync(AnotherDatabase.DatabaseNamespace.DatabaseName);
        await Target.DisposeAsync();
    }

    private protected static StoreMigration Migration() => new(TimeProvider.System, null, null);

    private protected static string Differences(MigrationReport report) => string.Join(", ", report.Collections.Where(each => !each.IsEqual));

    /// <summary>As the command does it, with no server at the source.</summary>
    private protected async Task<MigrationReport> MigrateAsync(string from, string to)
    {
        await Source.CloseAsync();
        return Expect.Value(await Migration().RunAsync(from, to, Silent, Never));
    }

    /// <summary>Fills the source.</summary>
    /// <param name="more">So many messages more than the few of each kind.</param>
    private protected async Task FillAsync(int more = 0) => (Ann, Room) = await FilledStore.FillAsync(Source, more);

    private protected sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("aichat-test-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }

    /// <summary>Closes the store before its folder is removed.</summary>
    private protected sealed class Closing(SqliteStoreFixture store) : IAsyncDisposable
    {
        public SqliteStoreFixture Store => store;

        public async ValueTask DisposeAsync() => await store.CloseAsync();
    }
}
