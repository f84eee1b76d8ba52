using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

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

    /// <summary>The BSON of one element's value, as its entity's mapping writes it; null where it is left out.</summary>
    public static BsonValue? ValueOf<T>(T entity, string field) => entity.ToBsonDocument().GetValue(field, null);

    public static T As<T>(this BsonDocument document) => BsonSerializer.Deserialize<T>(document);
}
