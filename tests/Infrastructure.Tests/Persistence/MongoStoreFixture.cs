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
using MongoDB.Bson.Serialization;
using MongoDB.Driver;
using MongoDB.Driver.Core.Events;

namespace AIChat.Infrastructure.Tests.Persistence;

/// <summary>The shared store in a database of its own. Databases are emptied and used again, because making all indexes takes longer than most tests.</summary>
internal sealed class MongoStoreFixture(bool withTransactions = true, Func<string, string>? through = null) : StoreFixture
{
    private static readonly ConcurrentBag<string> Free = [];
    private static int _made;

    private readonly ConcurrentQueue<BsonDocument> _commands = [];
    private readonly List<ServiceProvider> _others = [];
    private ServiceProvider? _services;
    private string _name = string.Empty;

    /// <summary>The database, as <c>MONGODB_URI</c> names it.</summary>
    public string Address { get; private set; } = string.Empty;

    public MongoConnection Connection => Get<MongoConnection>();

    /// <summary>What was asked of the database since the last look, as the driver sent it.</summary>
    public IReadOnlyList<BsonDocument> TakeCommands()
    {
        var taken = _commands.ToList();
        _commands.Clear();
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
        return (await Connection.Raw(mapping.Collection).Find(mapping.Where).ToListAsync()).ConvertAll(document => BsonSerializer.Deserialize<T>(document));
    }

    internal override MigrationTarget Target() => new MongoMigrationStore(MongoAddress.Parse(Address), "--to");

    public override async Task InitializeAsync()
    {
        _name = Free.TryTake(out var free) ? free : $"aichat-test-{Environment.ProcessId}-{Interlocked.Increment(ref _made).ToString(CultureInfo.InvariantCulture)}";
        _services = await OpenAsync();
    }

    /// <summary>Another server at the same database.</summary>
    public async Task<IServiceProvider> AnotherAsync()
    {
        _others.Add(await OpenAsync());
        return _others[^1];
    }

    public override async Task DisposeAsync()
    {
        if (_services is null)
            return;
        foreach (var other in _others)
            await other.DisposeAsync();
        foreach (var collection in (string[])[Collections.Users, Collections.Sessions, Collections.Rooms, Collections.Messages, Collections.Changes, Collections.Reads, Collections.Topics, Collections.Corrections, Collections.Vectors, Collections.Summaries, Collections.SummaryParts, Collections.SummaryVotes, Collections.Spending, Collections.Jobs, Collections.Leases, MigrationRecords.Collection])
            await Connection.Raw(collection).DeleteManyAsync(new BsonDocument());
        await _services.DisposeAsync();
        Free.Add(_name);
    }

    private async Task<ServiceProvider> OpenAsync()
    {
        var server = await MongoServer.AddressAsync();
        Address = new MongoUrlBuilder(through?.Invoke(server) ?? server) { DatabaseName = _name }.ToString();

        // A configurator of its own also keeps the driver from sharing connections between stores, so that closing one does not close another.
        var opened = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(Time)
            .AddMongoStore(MongoAddress.Parse(Address), settings => settings.ClusterConfigurator = cluster => cluster.Subscribe<CommandStartedEvent>(started => _commands.Enqueue(started.Command.DeepClone().AsBsonDocument)))
            .BuildServiceProvider();
        var connection = opened.GetRequiredService<MongoConnection>();
        await connection.OpenAsync(CancellationToken.None);
        connection.HasTransactions &= withTransactions;
        return opened;
    }

    private T Get<T>()
        where T : notnull
        => _services!.GetRequiredService<T>();
}
