using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;
using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>Recounts a room's topics: conversations from their messages, in the database; themes from the topics below them. Topics that are left empty are removed.</summary>
internal static class TopicCounts
{
    /// <param name="mongo">The database.</param>
    /// <param name="session">The transaction, if any.</param>
    /// <param name="room">The room.</param>
    /// <param name="only">Recounts only these conversations and the themes above them; null: all.</param>
    public static async Task<bool> RecountAsync(MongoConnection mongo, IClientSessionHandle? session, RoomId room, IReadOnlyCollection<string>? only)
    {
        var topics = mongo.Raw(Collections.Topics);
        var stored = await topics.FindIn(session, new BsonDocument(Fields.Room, room.Value)).ToListAsync();
        var counts = await ConversationsAsync(mongo, session, room, only);
        foreach (var topic in stored.Where(each => only is not null && each[Fields.Level] == (int)TopicLevel.High && !only.Contains(each[Fields.Id].AsString) && TopicCountDocuments.IsCounted(each)))
            counts[topic[Fields.Id].AsString] = TopicCountDocuments.Read(topic);
        var writes = new List<WriteModel<BsonDocument>>();
        foreach (var level in (TopicLevel[])[TopicLevel.High, TopicLevel.Mid, TopicLevel.Low])
        {
            foreach (var topic in stored.Where(each => each[Fields.Level] == (int)level))
            {
                var same = new BsonDocument { { Fields.Id, topic[Fields.Id] }, { Fields.Room, room.Value } };
                if (!counts.TryGetValue(topic[Fields.Id].AsString, out var count))
                {
                    writes.Add(new DeleteOneModel<BsonDocument>(same));
                    continue;
                }

                if (!TopicCountDocuments.IsCounted(topic) || TopicCountDocuments.Read(topic) != count)
                    writes.Add(new UpdateOneModel<BsonDocument>(same, TopicCountDocuments.Setting(count)));
                if (topic.TryGetValue(Fields.ParentId, out var parent))
                    TopicCount.Add(counts, parent.AsString, count);
            }
        }

        if (writes.Count > 0)
            await topics.WriteAsync(session, writes);
        return true;
    }

    private static async Task<Dictionary<string, TopicCount>> ConversationsAsync(MongoConnection mongo, IClientSessionHandle? session, RoomId room, IReadOnlyCollection<string>? only)
    {
        BsonDocument theirs = only is null ? new("$exists", true) : new("$in", new BsonArray(only));
        var counted = await mongo.Raw(Collections.Messages).AggregateIn(session)
            .Match(new BsonDocument { { Fields.Room, room.Value }, { Fields.Topic, theirs } })
            .Group(TopicCountDocuments.Grouping())
            .ToListAsync();
        return counted.ToDictionary(each => each[Fields.Id].AsString, TopicCountDocuments.Read, StringComparer.Ordinal);
    }
}
