using AIChat.Application.Common;
using AIChat.Infrastructure.Persistence.DataMigration;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>
/// The shared store as one side of a migration. The record in a target keeps servers from working with half of it. Servers that write to a source meanwhile show only in
/// the comparison.
/// </summary>
internal sealed class MongoMigrationStore : MigrationTarget
{
    // By default a batch is 16 MB of documents, which are far more in memory.
    private static readonly FindOptions InBatches = new() { BatchSize = 1000 };

    // Search terms are made from the words again.
    private static readonly BsonDocument WithoutTerms = new(Fields.Terms, 0);

    // Collections of servers, which hold nothing of people.
    private static readonly string[] Unimportant = [Collections.Leases, MigrationRecords.Collection];

    private readonly MongoAddress _address;
    private readonly MongoConnection _mongo;

    public MongoMigrationStore(MongoAddress address, string setting)
    {
        _address = address;
        _mongo = new MongoConnection(address, null) { Setting = setting };
    }

    public override string Name => "mongodb:" + _address;

    private IMongoCollection<BsonDocument> Records => _mongo.Raw(MigrationRecords.Collection);

    /// <exception cref="StoreUnavailableException">It cannot be reached.</exception>
    public static async Task<Result<MigrationSource>> OpenSourceAsync(MongoAddress address, CancellationToken cancellation)
    {
        var side = new MongoMigrationStore(address, "--from");
        MigrationSource? opened = null;
        try
        {
            await side._mongo.ReachAsync(
                async () =>
                {
                    if (await side.IsOursAsync(cancellation))
                    {
                        await side._mongo.RefuseHalfAsync(cancellation);
                        await side.MendAsync(cancellation);
                        opened = side;
                    }
                    else
                    {
                        opened = await OriginalDatabase.FindAsync(side._mongo, side.Name, cancellation);
                    }
                },
                cancellation);
            return opened is null ? MigrationErrors.SourceForeign : opened;
        }
        finally
        {
            if (opened is null)
                await side.DisposeAsync();
        }
    }

    public override async Task<Result<MigrationRecord>> BeginAsync(string source, DateTimeOffset now, CancellationToken cancellation)
    {
        MigrationRecord? record = null;
        await _mongo.ReachAsync(
            async () =>
            {
                record = await MigrationRecords.FindAsync(Records, cancellation);
                if (record is null && await IsEmptyAsync(cancellation))
                    await MigrationRecords.SaveAsync(Records, record = MigrationRecord.Begin(source, now));
                if (record?.Source == source)
                    await _mongo.MakeIndexesAsync(cancellation);
            },
            cancellation);
        return record?.Source == source ? record : MigrationErrors.TargetTaken;
    }

    public override Task<long> CountAsync<T>(string collection, CancellationToken cancellation)
    {
        var mapping = DocumentMappings.Of<T>(collection);
        return MongoConnection.AskAsync(() => _mongo.Raw(mapping.Collection).CountDocumentsAsync(mapping.Where, cancellationToken: cancellation));
    }

    public override IAsyncEnumerable<T> ReadAsync<T>(string collection, long skip, CancellationToken cancellation)
        => DocumentsAsync(DocumentMappings.Of<T>(collection), skip, cancellation).TellingOutages(MongoFailures.OutageOf);

    public override Task WriteAsync<T>(string collection, IReadOnlyList<T> batch, MigrationRecord record)
        => MongoConnection.AskAsync(async () =>
        {
            await DocumentMappings.Of<T>(collection).Write(_mongo, batch);
            await MigrationRecords.SaveAsync(Records, record);
            return true;
        });

    public override Task FinishAsync(MigrationRecord record) => MongoConnection.AskAsync(async () =>
    {
        await MigrationRecords.SaveAsync(Records, record);
        return true;
    });

    public override ValueTask DisposeAsync()
    {
        _mongo.Dispose();
        return ValueTask.CompletedTask;
    }

    private async IAsyncEnumerable<T> DocumentsAsync<T>(DocumentMapping<T> mapping, long skip, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        // The driver takes no larger number; a database with more of one kind starts that kind again, and what is there stays.
        var from = skip > int.MaxValue ? 0 : (int)skip;
        using var batches = await _mongo.Raw(mapping.Collection).Find(mapping.Where, InBatches).Sort(mapping.Order).Skip(from).Project(WithoutTerms).ToCursorAsync(cancellation);
        while (await batches.MoveNextAsync(cancellation))
        {
            foreach (var document in batches.Current)
                yield return BsonSerializer.Deserialize<T>(document);
        }
    }

    /// <summary>Numbers and folded names tell our databases from those of the original.</summary>
    private async Task<bool> IsOursAsync(CancellationToken cancellation)
        => await _mongo.Raw(Collections.Users).Find(new BsonDocument(Fields.Folded, new BsonDocument("$exists", true))).AnyAsync(cancellation)
            || await _mongo.Raw(Collections.Rooms).Find(new BsonDocument(Fields.LastSeq, new BsonDocument("$exists", true))).AnyAsync(cancellation);

    /// <summary>Completes the steps that dead servers left open, as the next server would.</summary>
    private async Task MendAsync(CancellationToken cancellation)
    {
        using (var changes = new MongoChanges(_mongo))
        {
            while (await _mongo.Raw(Collections.Changes).Find(new BsonDocument(Fields.Open, true)).AnyAsync(cancellation))
                await changes.CompleteAllAsync(cancellation);
        }

        var rooms = _mongo.Raw(Collections.Rooms);
        foreach (var room in await rooms.Find(new BsonDocument()).Project(new BsonDocument { { Fields.Room, 1 }, { Fields.LastSeq, 1 } }).ToListAsync(cancellation))
        {
            var last = await _mongo.Raw(Collections.Messages).Find(new BsonDocument(Fields.Room, room[Fields.Room])).Sort(new BsonDocument(Fields.Seq, -1))
                .Limit(1).Project(new BsonDocument(Fields.Seq, 1)).FirstOrDefaultAsync(cancellation);
            if (last is not null && last[Fields.Seq].ToInt64() > room[Fields.LastSeq].ToInt64())
                await rooms.UpdateOneAsync(new BsonDocument(Fields.Room, room[Fields.Room]), new BsonDocument("$max", new BsonDocument(Fields.LastSeq, last[Fields.Seq])), cancellationToken: cancellation);
        }
    }

    private async Task<bool> IsEmptyAsync(CancellationToken cancellation)
    {
        var names = await (await _mongo.Client.GetDatabase(_mongo.DatabaseName).ListCollectionNamesAsync(cancellationToken: cancellation)).ToListAsync(cancellation);
        foreach (var name in names.Where(name => !Unimportant.Contains(name) && !name.StartsWith(MongoHangfire.Prefix, StringComparison.Ordinal) && !name.StartsWith("system.", StringComparison.Ordinal)))
        {
            if (await _mongo.Raw(name).Find(new BsonDocument()).AnyAsync(cancellation))
                return false;
        }

        return true;
    }
}
