using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Users;
using AIChat.Infrastructure.Persistence.DataMigration;
using AIChat.Infrastructure.Persistence.Sqlite;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>How a part of a store lies in MongoDB: by default as documents of a collection of its name, the entity mapped as it is.</summary>
/// <param name="Collection">Where.</param>
internal sealed record DocumentMapping<T>(string Collection)
{
    private static readonly InsertManyOptions AllThatCan = new() { IsOrdered = false };

    /// <summary>Which documents of the collection hold one.</summary>
    public BsonDocument Where { get; init; } = [];

    public BsonDocument Order { get; init; } = new(Fields.Id, 1);

    public Func<BsonDocument, T> Read { get; init; } = document => BsonSerializer.Deserialize<T>(document);

    public Func<MongoConnection, IReadOnlyList<T>, Task> Write { get; init; } = (mongo, batch) => InsertAsync(mongo.Raw(Collection), batch.Select(entity => entity.ToBsonDocument()));

    /// <summary>What is there already stays; whether it is the same is what the comparison is for.</summary>
    public static async Task InsertAsync(IMongoCollection<BsonDocument> collection, IEnumerable<BsonDocument> documents)
    {
        try
        {
            await collection.InsertManyAsync(documents, AllThatCan);
        }
        catch (MongoBulkWriteException there) when (MongoFailures.IsOnlyDuplicates(there))
        {
        }
    }
}

/// <summary>Parts whose documents are more than their entities, or none of their own.</summary>
internal static class DocumentMappings
{
    private static readonly Dictionary<Type, object> Particular = new()
    {
        [typeof(User)] = Inserted<User>(Collections.Users, UserDocuments.Of),
        [typeof(Room)] = Inserted<Room>(Collections.Rooms, RoomDocuments.Of),

        // In the order of their numbers: that is how the embedded store wants to have them.
        [typeof(Message)] = Inserted<Message>(Collections.Messages, MessageDocuments.Of) with { Order = new BsonDocument { { Fields.Room, 1 }, { Fields.Seq, 1 } } },
        [typeof(ReadRow)] = Inserted<ReadRow>(Collections.Reads, mark => new BsonDocument
        {
            { Fields.Room, mark.RoomId.Value },
            { Fields.User, mark.UserId.Value },
            { Fields.Seq, mark.Seq },
        }) with
        {
            Read = mark => new ReadRow { RoomId = new RoomId(mark[Fields.Room].AsString), UserId = new UserId(mark[Fields.User].AsString), Seq = mark[Fields.Seq].ToInt64() },
        },
        [typeof(ChangeRow)] = new DocumentMapping<ChangeRow>(Collections.Changes)
        {
            Order = new BsonDocument { { Fields.Room, 1 }, { Fields.Rev, 1 } },
            Read = change => new ChangeRow
            {
                RoomId = new RoomId(change[Fields.Room].AsString),
                Rev = change[Fields.Rev].ToInt64(),
                MessageId = new MessageId(change[Fields.MessageId].AsString),
            },
            Write = WriteChangesAsync,
        },
        [typeof(ReclassifiedRow)] = new DocumentMapping<ReclassifiedRow>(Collections.Rooms)
        {
            Where = new BsonDocument(Fields.ReclassifiedSeq, new BsonDocument("$exists", true)),
            Read = room => new ReclassifiedRow
            {
                RoomId = new RoomId(room[Fields.Room].AsString),
                Seq = room[Fields.ReclassifiedSeq].ToInt64(),
                Rev = room[Fields.ReclassifiedRev].ToInt64(),
            },
            Write = (mongo, batch) => mongo.Raw(Collections.Rooms).BulkWriteAsync(batch.Select(mark => new UpdateOneModel<BsonDocument>(
                new BsonDocument(Fields.Room, mark.RoomId.Value),
                new BsonDocument("$set", new BsonDocument { { Fields.ReclassifiedSeq, mark.Seq }, { Fields.ReclassifiedRev, mark.Rev } })))),
        },
    };

    public static DocumentMapping<T> Of<T>(MigratedCollection<T> part)
        where T : class
        => Particular.TryGetValue(typeof(T), out var shape) ? (DocumentMapping<T>)shape : new DocumentMapping<T>(part.Name);

    private static DocumentMapping<T> Inserted<T>(string collection, Func<T, BsonDocument> document)
        => new(collection) { Write = (mongo, batch) => DocumentMapping<T>.InsertAsync(mongo.Raw(collection), batch.Select(document)) };

    /// <summary>
    /// Changes and, in their messages, the number of the last one. The next deletion goes on counting from the room's last change: so each of these has the deletions that the
    /// room has now, whenever it was made.
    /// </summary>
    private static async Task WriteChangesAsync(MongoConnection mongo, IReadOnlyList<ChangeRow> batch)
    {
        var rooms = await mongo.Raw(Collections.Rooms).Find(Builders<BsonDocument>.Filter.In(Fields.Room, batch.Select(change => change.RoomId.Value).Distinct())).ToListAsync();
        var deletions = rooms.ToDictionary(room => room[Fields.Room].AsString, room => room[Fields.Deletions].ToInt64(), StringComparer.Ordinal);
        await DocumentMapping<ChangeRow>.InsertAsync(mongo.Raw(Collections.Changes), batch.Select(change => new BsonDocument
        {
            { Fields.Room, change.RoomId.Value },
            { Fields.Rev, change.Rev },
            { Fields.MessageId, change.MessageId.Value },
            { Fields.Deletions, deletions.GetValueOrDefault(change.RoomId.Value) },
        }));
        await mongo.Raw(Collections.Messages).BulkWriteAsync(batch.Select(change => new UpdateOneModel<BsonDocument>(
            new BsonDocument { { Fields.Id, change.MessageId.Value }, { Fields.Room, change.RoomId.Value } },
            new BsonDocument("$max", new BsonDocument(Fields.Rev, change.Rev)))));
    }
}
