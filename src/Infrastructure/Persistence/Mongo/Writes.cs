using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>Steps that several repositories take alike; those with a session are part of its transaction where there is one.</summary>
internal static class Writes
{
    /// <summary>
    /// Inserts a document whose <c>_id</c> nobody else would choose. Where it is there already, the driver sent it twice after a lost answer, which is success.
    /// </summary>
    public static async Task InsertOnceAsync<T>(IMongoCollection<T> collection, T document, BsonValue id)
    {
        try
        {
            await collection.InsertOneAsync(document, cancellationToken: CancellationToken.None);
        }
        catch (MongoWriteException repeated) when (MongoFailures.IsDuplicate(repeated))
        {
            if (!await collection.Find(new BsonDocument(Fields.Id, id)).AnyAsync(CancellationToken.None))
                throw;
        }
    }

    public static Task WriteAsync(this IMongoCollection<BsonDocument> collection, IClientSessionHandle? session, IEnumerable<WriteModel<BsonDocument>> writes)
        => session is null ? collection.BulkWriteAsync(writes) : collection.BulkWriteAsync(session, writes);

    public static IFindFluent<BsonDocument, BsonDocument> FindIn(this IMongoCollection<BsonDocument> collection, IClientSessionHandle? session, FilterDefinition<BsonDocument> filter)
        => session is null ? collection.Find(filter) : collection.Find(session, filter);

    public static IAggregateFluent<BsonDocument> AggregateIn(this IMongoCollection<BsonDocument> collection, IClientSessionHandle? session)
        => session is null ? collection.Aggregate() : collection.Aggregate(session);
}
