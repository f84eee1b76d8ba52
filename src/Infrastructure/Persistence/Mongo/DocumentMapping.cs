using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Users;
using AIChat.Infrastructure.Persistence.Common;
using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>How the entities of one kind lie in MongoDB; by default as the documents of a collection, each mapped as <see cref="MongoMappings"/> says.</summary>
/// <param name="Collection">The collection that holds the documents.</param>
internal sealed record DocumentMapping<T>(string Collection)
{
    private static readonly InsertManyOptions Unordered = new() { IsOrdered = false };

    /// <summary>Selects the documents of the collection that hold an entity.</summary>
    public BsonDocument Where { get; init; } = [];

    public BsonDocument Order { get; init; } = new(Fields.Id, 1);

    public Func<MongoConnection, IReadOnlyList<T>, Task> Write { get; init; } = (mongo, batch) => InsertAsync(mongo.Raw(Collection), batch.Select(entity => entity.ToBsonDocument()));

    /// <summary>Inserts the documents that are not there yet. Documents that are there stay as they are; the comparison finds those that differ.</summary>
    public static async Task InsertAsync(IMongoCollection<BsonDocument> collection, IEnumerable<BsonDocument> documents)
    {
        try
        {
            await collection.InsertManyAsync(documents, Unordered);
        }
        catch (MongoBulkWriteException there) when (MongoFailures.IsOnlyDuplicates(there))
        {
        }
    }
}

/// <summary>Kinds whose documents hold more than their entities, or that have no documents of their own.</summary>
internal static class DocumentMappings
{
    private static readonly Dictionary<Type, object> Particular = new()
    {
        [typeof(User)] = Inserted<User>(Collections.Users, UserDocuments.Of),
        [typeof(Room)] = Inserted<Room>(Collections.Rooms, RoomDocuments.Of),

        // In the order of numbers, because the embedded store keeps messages in the order of arrival.
        [typeof(Message)] = Inserted<Message>(Collections.Messages, MessageDocuments.Of) with { Order = new BsonDocument { { Fields.Room, 1 }, { Fields.Seq, 1 } } },
        [typeof(ChangeRow)] = new DocumentMapping<ChangeRow>(Collections.Changes) { Order = new BsonDocument { { Fields.Room, 1 }, { Fields.Rev, 1 } }, Write = WriteChangesAsync },
        [typeof(ReclassifiedRow)] = new DocumentMapping<ReclassifiedRow>(Collections.Rooms)
        {
            Where = new BsonDocument(Fields.ReclassifiedSeq, new BsonDocument("$exists", true)),
            Write = (mongo, batch) => mongo.Raw(Collections.Rooms).BulkWriteAsync(batch.Select(mark => new UpdateOneModel<BsonDocument>(
                new BsonDocument(Fields.Room, mark.RoomId.Value), new BsonDocument("$set", mark.ToBsonDocument())))),
        },
    };

    public static DocumentMapping<T> Of<T>(string collection)
        where T : class
        => Particular.TryGetValue(typeof(T), out var mapping) ? (DocumentMapping<T>)mapping : new DocumentMapping<T>(collection);

    private static DocumentMapping<T> Inserted<T>(string collection, Func<T, BsonDocument> document)
        => new(collection) { Write = (mongo, batch) => DocumentMapping<T>.InsertAsync(mongo.Raw(collection), batch.Select(document)) };

    /// <summary>
    /// Inserts changes and sets the number of the last one in their messages. The next deletion counts on from the room's last change, so each change gets the number of deletions
    /// that the room has now, whenever it was made.
    /// </summary>
    private static async Task WriteChangesAsync(MongoConnection mongo, IReadOnlyList<ChangeRow> batch)
    {
        var rooms = await mongo.Raw(Collections.Rooms).Find(Builders<BsonDocument>.Filter.In(Fields.Room, batch.Select(change => change.RoomId.Value).Distinct())).ToListAsync();
        var deletions = rooms.ToDictionary(room => room[Fields.Room].AsString, room => room[Fields.Deletions].ToInt64(), StringComparer.Ordinal);
        await DocumentMapping<ChangeRow>.InsertAsync(
            mongo.Raw(Collections.Changes),
            batch.Select(change => new BsonDocument(change.ToBsonDocument()) { { Fields.Deletions, deletions.GetValueOrDefault(change.RoomId.Value) } }));
        await mongo.Raw(Collections.Messages).BulkWriteAsync(batch.Select(change => new UpdateOneModel<BsonDocument>(
            new BsonDocument { { Fields.Id, change.MessageId.Value }, { Fields.Room, change.RoomId.Value } },
            new BsonDocument("$max", new BsonDocument(Fields.Rev, change.Rev)))));
    }
}
