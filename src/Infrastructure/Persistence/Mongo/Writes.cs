using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>Steps that several repositories share; those with a session are part of its transaction where there is one.</summary>
internal static class Writes
{
    /// <summary>Inserts a document with a unique <c>_id</c>. A document that is there already was sent twice by the driver after a lost answer, which is a success.</summary>
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

    /// <summary>An update that gives these elements the values of a document: those that it has are set, those that it lacks are removed.</summary>
    public static BsonDocument Replacing(IEnumerable<string> elements, BsonDocument given)
    {
        var (set, unset) = (new BsonDocument(), new BsonDocument());
        foreach (var element in elements)
        {
            if (given.TryGetValue(element, out var value))
                set[element] = value;
            else
                unset[element] = 1;
        }

        return new BsonDocument { { "$set", set, set.ElementCount > 0 }, { "$unset", unset, unset.ElementCount > 0 } };
    }

    public static Task WriteAsync(this IMongoCollection<BsonDocument> collection, IClientSessionHandle? session, IEnumerable<WriteModel<BsonDocument>> writes)
        => session is null ? collection.BulkWriteAsync(writes) : collection.BulkWriteAsync(session, writes);

    public static IFindFluent<BsonDocument, BsonDocument> FindIn(this IMongoCollection<BsonDocument> collection, IClientSessionHandle? session, FilterDefinition<BsonDocument> filter)
        => session is null ? collection.Find(filter) : collection.Find(session, filter);

    public static IAggregateFluent<BsonDocument> AggregateIn(this IMongoCollection<BsonDocument> collection, IClientSessionHandle? session)
        => session is null ? collection.Aggregate() : collection.Aggregate(session);
}
