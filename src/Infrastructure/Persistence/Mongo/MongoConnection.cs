using System.Diagnostics;
using System.Linq.Expressions;
using AIChat.Domain.Jobs;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;
using AIChat.Infrastructure.Persistence.Common;
using Ardalis.Specification;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Linq;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>The database: opens it, makes its indexes, and gives out collections. Any number of servers may work with it at once.</summary>
internal sealed class MongoConnection : IDatabase, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly MongoAddress _address;
    private readonly MongoClient _client;
    private readonly IMongoDatabase _database;

    public MongoConnection(MongoAddress address, Action<MongoClientSettings>? adjust)
    {
        _address = address;
        MongoMappings.Register();
        var settings = address.ToSettings();
        adjust?.Invoke(settings);
        _client = new MongoClient(settings);
        _database = _client.GetDatabase(address.Database);
    }

    /// <summary>The setting that names the address, for error messages.</summary>
    public string Setting { get; init; } = "MONGODB_URI";

    /// <summary>The time that the start waits for a database that does not answer.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether the server has transactions; known once it was opened.</summary>
    public bool HasTransactions { get; set; }

    /// <summary>Whether the server offers change streams; a single machine and DocumentDB do not.</summary>
    public bool TellsOfWrites { get; private set; }

    /// <summary>For libraries with collections of their own.</summary>
    public IMongoClient Client => _client;

    public string DatabaseName => _address.Database;

    public IMongoCollection<User> Users => _database.GetCollection<User>(Collections.Users);

    public IMongoCollection<Session> Sessions => _database.GetCollection<Session>(Collections.Sessions);

    public IMongoCollection<Room> Rooms => _database.GetCollection<Room>(Collections.Rooms);

    public IMongoCollection<Message> Messages => _database.GetCollection<Message>(Collections.Messages);

    public IMongoCollection<Topic> Topics => _database.GetCollection<Topic>(Collections.Topics);

    public IMongoCollection<Correction> Corrections => _database.GetCollection<Correction>(Collections.Corrections);

    public IMongoCollection<MessageEmbedding> Vectors => _database.GetCollection<MessageEmbedding>(Collections.Vectors);

    public IMongoCollection<Summary> Summaries => _database.GetCollection<Summary>(Collections.Summaries);

    public IMongoCollection<SummaryPart> SummaryParts => _database.GetCollection<SummaryPart>(Collections.SummaryParts);

    public IMongoCollection<SummaryVote> SummaryVotes => _database.GetCollection<SummaryVote>(Collections.SummaryVotes);

    public IMongoCollection<SpendingEntry> Spending => _database.GetCollection<SpendingEntry>(Collections.Spending);

    public IMongoCollection<Job> Jobs => _database.GetCollection<Job>(Collections.Jobs);

    /// <summary>Documents as they are stored, with what entities do not know.</summary>
    public IMongoCollection<BsonDocument> Raw(string collection) => _database.GetCollection<BsonDocument>(collection);

    /// <summary>Asks something of the database.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be reached now.</exception>
    public static async Task<T> AskAsync<T>(Func<Task<T>> question)
    {
        try
        {
            return await question();
        }
        catch (Exception failure) when (MongoFailures.OutageOf(failure) is { } outage)
        {
            throw outage;
        }
    }

    /// <summary>The entities that a specification lists.</summary>
    public static Task<List<T>> ListAsync<T>(IMongoCollection<T> collection, ISpecification<T> specification, CancellationToken cancellation)
        where T : class
    {
        var query = collection.AsQueryable().Apply(specification);
        return query.Provider.CreateQuery<T>(new PlainNegations().Visit(query.Expression))
            .AppendStage<T, T>(new BsonDocument("$project", new BsonDocument(Fields.Terms, 0)))
            .ToListAsync(cancellation);
    }

    /// <summary>The number of entities that a specification lists without its limit.</summary>
    public static Task<long> CountAsync<T>(IMongoCollection<T> collection, ISpecification<T> specification, CancellationToken cancellation)
        where T : class
    {
        var query = collection.AsQueryable().Meeting(specification);
        return query.Provider.CreateQuery<T>(new PlainNegations().Visit(query.Expression)).LongCountAsync(cancellation);
    }

    /// <summary>
    /// Runs the work in a transaction where the server has them (and repeats it until no other write stands in its way), otherwise step by step. A server that dies within leaves
    /// the touched documents locked until MongoDB gives the transaction up, a minute later, so transactions are few and short.
    /// </summary>
    /// <param name="work">Gets what the transaction's reads and writes go through; null where there is none.</param>
    public async Task<T> TogetherAsync<T>(Func<IClientSessionHandle?, Task<T>> work)
    {
        if (!HasTransactions)
            return await work(null);
        using var session = await _client.StartSessionAsync();
        return await session.WithTransactionAsync((_, _) => work(session));
    }

    public Task OpenAsync(CancellationToken cancellation) => ReachAsync(
        async () =>
        {
            await RefuseHalfAsync(cancellation);
            await MakeIndexesAsync(cancellation);
        },
        cancellation);

    /// <exception cref="StoreUnavailableException">A migration fills it, or was stopped before it had finished.</exception>
    public async Task RefuseHalfAsync(CancellationToken cancellation)
    {
        if (await MigrationRecords.IsUnfinishedAsync(Raw(MigrationRecords.Collection), cancellation))
            throw new StoreUnavailableException("store_unavailable", $"{Setting}: {_address} holds a part of what a migration is to bring; run it to its end, or name another database.", new InvalidOperationException());
    }

    public Task MakeIndexesAsync(CancellationToken cancellation) => MongoIndexes.MakeAsync(_database, cancellation);

    /// <summary>Waits until the database answers, and prepares it.</summary>
    /// <param name="prepare">May be done several times.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">With one sentence that says what is wrong.</exception>
    public async Task ReachAsync(Func<Task> prepare, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                HasTransactions = Offers(await HelloAsync(cancellation));
                TellsOfWrites = await TellsOfWritesAsync(cancellation);
                await prepare();
                return;
            }
            catch (Exception failure) when (MongoFailures.IsRefusal(failure))
            {
                throw new StoreUnavailableException("store_unavailable", $"{Setting}: {_address.Servers} refuses the user name or the password; correct MONGO_ID and MONGO_PASSWORD, or the address.", failure);
            }
            catch (MongoIncompatibleDriverException failure)
            {
                throw new StoreUnavailableException("store_unavailable", $"{Setting}: the MongoDB at {_address.Servers} is of a version that this server cannot talk to; upgrade it.", failure);
            }
            catch (Exception failure) when (failure is not StoreUnavailableException && MongoFailures.OutageOf(failure) is not null)
            {
                if (Stopwatch.GetElapsedTime(begun) > StartTimeout)
                    throw new StoreUnavailableException("store_unavailable", $"{Setting}: no MongoDB that takes writes answers at {_address.Servers}; start it, or correct the address.", failure);
            }
            catch (MongoException failure)
            {
                throw new StoreUnavailableException("store_unavailable", $"{Setting}: the database {_address} cannot be prepared ({failure.Message.ReplaceLineEndings(" ")}).", failure);
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<BsonDocument> HelloAsync(CancellationToken cancellation)
    {
        try
        {
            return await _database.RunCommandAsync<BsonDocument>(new BsonDocument("hello", 1), cancellationToken: cancellation);
        }
        catch (MongoCommandException unknown) when (unknown.Code == 59)
        {
            return [];
        }
    }

    private async Task<bool> TellsOfWritesAsync(CancellationToken cancellation)
    {
        try
        {
            using var changes = await _database.WatchAsync(cancellationToken: cancellation);
            return true;
        }
        catch (MongoCommandException)
        {
            return false;
        }
    }

    // Transactions: replica sets have them since wire version 7 (4.0), sharded clusters since 8 (4.2), a single machine never.
    private static bool Offers(BsonDocument hello)
    {
        var version = hello.GetValue("maxWireVersion", 0).ToInt32();
        return hello.Contains("logicalSessionTimeoutMinutes") && ((hello.Contains("setName") && version >= 7) || (hello.GetValue("msg", string.Empty) == "isdbgrid" && version >= 8));
    }

    /// <summary>"Not classified" becomes "classified is false", which the index of those can serve; the driver would ask for "anything but true".</summary>
    private sealed class PlainNegations : ExpressionVisitor
    {
        protected override Expression VisitUnary(UnaryExpression node)
            => node is { NodeType: ExpressionType.Not, Operand: MemberExpression { Type: { } type } member } && type == typeof(bool)
                ? Expression.Equal(member, Expression.Constant(false))
                : base.VisitUnary(node);
    }
}
