using AIChat.Domain.Common;
using AIChat.Domain.Jobs;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;
using AIChat.Infrastructure.Persistence.DataMigration;
using AIChat.Infrastructure.Persistence.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AIChat.Infrastructure.Tests.Persistence;

/// <summary>The embedded store in a folder of its own, which goes with it.</summary>
internal sealed class SqliteStoreFixture(string? existingFolder = null) : StoreFixture
{
    private ServiceProvider? _services;

    /// <summary>Where the database file lies; a folder that was handed in is left to whoever handed it in.</summary>
    public string Folder { get; } = existingFolder ?? Directory.CreateTempSubdirectory("aichat-test-").FullName;

    public string File => Path.Combine(Folder, "aichat.db");

    public SqliteDatabase Database => Get<SqliteDatabase>();

    public SqliteWriter Writer => Get<SqliteWriter>();

    public override IUserRepository Users => Get<IUserRepository>();

    public override IRoomRepository Rooms => Get<IRoomRepository>();

    public override IMessageRepository Messages => Get<IMessageRepository>();

    public override ITopicRepository Topics => Get<ITopicRepository>();

    public override ICorrectionRepository Corrections => Get<ICorrectionRepository>();

    public override IEmbeddingRepository Vectors => Get<IEmbeddingRepository>();

    public override ISummaryRepository Summaries => Get<ISummaryRepository>();

    public override ISpendingRepository Spending => Get<ISpendingRepository>();

    public override IJobRepository Jobs => Get<IJobRepository>();

    public override ILeaseRepository Leases => Get<ILeaseRepository>();

    public override Task<IReadOnlyList<T>> AllAsync<T>(string collection) => Database.ReadAsync<IReadOnlyList<T>>(async context =>
    {
        return await context.Set<T>().ToListAsync();
    });

    internal override MigrationTarget Target() => new SqliteMigrationStore(Path.Combine(Folder, "target.db"));

    public override async Task InitializeAsync()
    {
        _services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(Time).AddSqliteStore(File).BuildServiceProvider();
        await Database.OpenAsync(CancellationToken.None);
    }

    /// <summary>Closes the store and leaves the folder, as stopping the server does.</summary>
    public async Task CloseAsync()
    {
        if (_services is not null)
            await _services.DisposeAsync();
        _services = null;
    }

    public async Task ReopenAsync()
    {
        await CloseAsync();
        await InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await CloseAsync();
        if (existingFolder is null)
            Directory.Delete(Folder, recursive: true);
    }

    private T Get<T>()
        where T : notnull
        => _services!.GetRequiredService<T>();
}
