using AIChat.Domain.Rooms;
using MongoDB.Bson;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>Rooms as documents: the entity, with its deletions in place of the messages that are left (see <see cref="MongoMappings"/>).</summary>
internal static class RoomDocuments
{
    public static BsonDocument Of(Room room)
    {
        var document = room.ToBsonDocument();
        document.Remove("messageCount");
        document.InsertAt(0, new BsonElement(Fields.Id, room.Id.Value));
        document[Fields.Deletions] = room.LastSeq - room.MessageCount;
        return document;
    }
}
