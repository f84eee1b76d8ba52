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

    private readonly MongoAddress address;
    private readonly MongoClient client;
    private readonly IMongoDatabase database;

    public MongoConnection(MongoAddress address, Action<MongoClientSettings>? adjust)
    {
        this.address = address;
        MongoMappings.Register();
        var settings = address.ToSettings();
        adjust?.Invoke(settings);
        client = new MongoClient(settings);
        database = client.GetDatabase(address.Database);
    }

    /// <summary>What named the address, for sentences about it.</summary>
    public string Setting { get; init; } = "MONGODB_URI";

    /// <summary>How long the start waits for a database that does not answer.</summary>
    public TimeSpan StartPatience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>What the server said when it was opened.</summary>
    public bool HasTransactions { get; set; }

    /// <summary>Whether the server tells of writes by itself (change streams); a single machine and DocumentDB do not.</summary>
    public bool TellsOfWrites { get; private set; }

    /// <summary>For what brings its own collections.</summary>
    public IMongoClient Client => client;

    public string DatabaseName => address.Database;

    public IMongoCollection<User> Users => database.GetCollection<User>(Collections.Users);

    public IMongoCollection<Session> Sessions => database.GetCollection<Session>(Collections.Sessions);

    public IMongoCollection<Room> Rooms => database.GetCollection<Room>(Collections.Rooms);

    public IMongoCollection<Message> Messages => database.GetCollection<Message>(Collections.Messages);

    public IMongoCollection<Topic> Topics => database.GetCollection<Topic>(Collections.Topics);

    public IMongoCollection<Correction> Corrections => database.GetCollection<Correction>(Collections.Corrections);

    public IMongoCollection<MessageEmbedding> Vectors => database.GetCollection<MessageEmbedding>(Collections.Vectors);

    public IMongoCollection<Summary> Summaries => database.GetCollection<Summary>(Collections.Summaries);

    public IMongoCollection<SummaryPart> SummaryParts => database.GetCollection<SummaryPart>(Collections.SummaryParts);

    public IMongoCollection<SummaryVote> SummaryVotes => database.GetCollection<SummaryVote>(Collections.SummaryVotes);

    public IMongoCollection<SpendingEntry> Spending => database.GetCollection<SpendingEntry>(Collections.Spending);

    public IMongoCollection<Job> Jobs => database.GetCollection<Job>(Collections.Jobs);

    /// <summary>Documents as they are stored, with what entities do not know.</summary>
    public IMongoCollection<BsonDocument> Raw(string collection) => database.GetCollection<BsonDocument>(collection);

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

    /// <summary>What a specification lists, without what only indexes need.</summary>
    public static Task<List<T>> ListAsync<T>(IMongoCollection<T> collection, ISpecification<T> specification, CancellationToken cancellation)
        where T : class
    {
        var query = collection.AsQueryable().Apply(specification);
        return query.Provider.CreateQuery<T>(new PlainNegations().Visit(query.Expression))
            .AppendStage<T, T>(new BsonDocument("$project", new BsonDocument(Fields.Terms, 0)))
            .ToListAsync(cancellation);
    }

    /// <summary>How many a specification would list without its limit.</summary>
    public static Task<long> CountAsync<T>(IMongoCollection<T> collection, ISpecification<T> specification, CancellationToken cancellation)
        where T : class
    {
        var query = collection.AsQueryable().Meeting(specification);
        return query.Provider.CreateQuery<T>(new PlainNegations().Visit(query.Expression)).LongCountAsync(cancellation);
    }

    /// <summary>
    /// Does all of it or nothing where the server has transactions (it may then be done several times, until no other write stands in its way); otherwise piece by
    /// piece. A server that dies within leaves what it touched locked until MongoDB gives the transaction up, a minute later: so only what needs it, and briefly.
    /// </summary>
    /// <param name="work">Gets what the transaction's reads and writes go through; null where there is none.</param>
    public async Task<T> TogetherAsync<T>(Func<IClientSessionHandle?, Task<T>> work)
    {
        if (!HasTransactions)
            return await work(null);
        using var session = await client.StartSessionAsync();
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
            throw new StoreUnavailableException("store_unavailable", $"{Setting}: {address} holds a part of what a migration is to bring; run it to its end, or name another database.", new InvalidOperationException());
    }

    public Task MakeIndexesAsync(CancellationToken cancellation) => MongoIndexes.MakeAsync(database, cancellation);

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
                throw new StoreUnavailableException("store_unavailable", $"{Setting}: {address.Servers} refuses the user name or the password; correct MONGO_ID and MONGO_PASSWORD, or the address.", failure);
            }
            catch (MongoIncompatibleDriverException failure)
            {
                throw new StoreUnavailableException("store_unavailable", $"{Setting}: the MongoDB at {address.Servers} is of a version that this server cannot talk to; upgrade it.", failure);
            }
            catch (Exception failure) when (failure is not StoreUnavailableException && MongoFailures.OutageOf(failure) is not null)
            {
                if (Stopwatch.GetElapsedTime(begun) > StartPatience)
                    throw new StoreUnavailableException("store_unavailable", $"{Setting}: no MongoDB that takes writes answers at {address.Servers}; start it, or correct the address.", failure);
            }
            catch (MongoException failure)
            {
                throw new StoreUnavailableException("store_unavailable", $"{Setting}: the database {address} cannot be prepared ({failure.Message.ReplaceLineEndings(" ")}).", failure);
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    public void Dispose() => client.Dispose();

    private async Task<BsonDocument> HelloAsync(CancellationToken cancellation)
    {
        try
        {
            return await database.RunCommandAsync<BsonDocument>(new BsonDocument("hello", 1), cancellationToken: cancellation);
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
            using var changes = await database.WatchAsync(cancellationToken: cancellation);
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
