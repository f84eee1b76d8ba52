using System.Collections.Concurrent;
using System.Globalization;
using AIChat.Domain.Common;
using AIChat.Domain.Jobs;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;
using AIChat.Infrastructure.Persistence.DataMigration;
using AIChat.Infrastructure.Persistence.Mongo;
using AIChat.Tests;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Events;

namespace AIChat.Infrastructure.Tests.Persistence;

/// <summary>The shared store in a database of its own. Databases are emptied and used again, because making all indexes takes longer than most tests.</summary>
internal sealed class MongoStoreFixture(bool withTransactions = true, Func<string, string>? through = null) : StoreFixture
{
    private static readonly ConcurrentBag<string> Free = [];
    private static int made;

    private readonly ConcurrentQueue<BsonDocument> commands = [];
    private readonly List<ServiceProvider> others = [];
    private ServiceProvider? services;
    private string name = string.Empty;

    /// <summary>The database, as <c>MONGODB_URI</c> names it.</summary>
    public string Address { get; private set; } = string.Empty;

    public MongoConnection Connection => Get<MongoConnection>();

    /// <summary>What was asked of the database since the last look, as the driver sent it.</summary>
    public IReadOnlyList<BsonDocument> TakeCommands()
    {
        var taken = commands.ToList();
        commands.Clear();
        return taken;
    }

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

    public override async Task<IReadOnlyList<T>> AllAsync<T>(string collection)
    {
        var mapping = DocumentMappings.Of<T>(collection);
        return (await Connection.Raw(mapping.Collection).Find(mapping.Where).ToListAsync()).ConvertAll(mapping.Read);
    }

    internal override MigrationTarget Target() => new MongoMigrationStore(MongoAddress.Parse(Address), "--to");

    public override async Task InitializeAsync()
    {
        name = Free.TryTake(out var free) ? free : $"aichat-test-{Environment.ProcessId}-{Interlocked.Increment(ref made).ToString(CultureInfo.InvariantCulture)}";
        services = await OpenAsync();
    }

    /// <summary>Another server at the same database.</summary>
    public async Task<IServiceProvider> AnotherAsync()
    {
        others.Add(await OpenAsync());
        return others[^1];
    }

    public override async Task DisposeAsync()
    {
        if (services is null)
            return;
        foreach (var other in others)
            await other.DisposeAsync();
        foreach (var collection in (string[])[Collections.Users, Collections.Sessions, Collections.Rooms, Collections.Messages, Collections.Changes, Collections.Reads, Collections.Topics, Collections.Corrections, Collections.Vectors, Collections.Summaries, Collections.SummaryParts, Collections.SummaryVotes, Collections.Spending, Collections.Jobs, Collections.Leases, MigrationRecords.Collection])
            await Connection.Raw(collection).DeleteManyAsync(new BsonDocument());
        await services.DisposeAsync();
        Free.Add(name);
    }

    private async Task<ServiceProvider> OpenAsync()
    {
        var server = await MongoServer.AddressAsync();
        Address = new MongoUrlBuilder(through?.Invoke(server) ?? server) { DatabaseName = name }.ToString();

        // A configurator of its own also keeps the driver from sharing connections between stores, so that closing one does not close another.
        var opened = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(Time)
            .AddMongoStore(MongoAddress.Parse(Address), settings => settings.ClusterConfigurator = cluster => cluster.Subscribe<CommandStartedEvent>(started => commands.Enqueue(started.Command.DeepClone().AsBsonDocument)))
            .BuildServiceProvider();
        var connection = opened.GetRequiredService<MongoConnection>();
        await connection.OpenAsync(CancellationToken.None);
        connection.HasTransactions &= withTransactions;
        return opened;
    }

    private T Get<T>()
        where T : notnull
        => services!.GetRequiredService<T>();
}
