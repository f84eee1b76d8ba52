using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;
using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>Counts a room's topics anew: conversations from their messages, in the database; themes from what is below them.</summary>
internal static class TopicCounts
{
    private static readonly string[] Counters = ["messageCount", "firstSeq", Fields.LastSeq, "firstAt", "lastAt"];

    /// <param name="mongo">The database.</param>
    /// <param name="session">The transaction, if any.</param>
    /// <param name="room">The room.</param>
    /// <param name="only">Only these conversations are counted, and the themes above them put right; null: all.</param>
    public static async Task<bool> RecountAsync(MongoConnection mongo, IClientSessionHandle? session, RoomId room, IReadOnlyCollection<string>? only)
    {
        var topics = mongo.Raw(Collections.Topics);
        var stored = await topics.FindIn(session, new BsonDocument(Fields.Room, room.Value)).ToListAsync();
        var counts = await ConversationsAsync(mongo, session, room, only);
        foreach (var topic in stored.Where(each => only is not null && each[Fields.Level] == (int)TopicLevel.High && !only.Contains(each[Fields.Id].AsString) && each.Contains("firstSeq")))
            counts[topic[Fields.Id].AsString] = new BsonDocument(Counters.Select(counter => new BsonElement(counter, topic[counter])));
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

                if (Counters.Any(counter => topic.GetValue(counter, BsonNull.Value) != count[counter]))
                    writes.Add(new UpdateOneModel<BsonDocument>(same, new BsonDocument("$set", count)));
                if (topic.TryGetValue(Fields.ParentId, out var parent))
                    counts[parent.AsString] = counts.TryGetValue(parent.AsString, out var sum) ? Sum(sum, count) : count;
            }
        }

        if (writes.Count > 0)
            await topics.WriteAsync(session, writes);
        return true;
    }

    private static async Task<Dictionary<string, BsonDocument>> ConversationsAsync(MongoConnection mongo, IClientSessionHandle? session, RoomId room, IReadOnlyCollection<string>? only)
    {
        BsonDocument theirs = only is null ? new("$exists", true) : new("$in", new BsonArray(only));
        var isLiving = new BsonDocument("$eq", new BsonArray { new BsonDocument("$ifNull", new BsonArray { "$" + Fields.DeletedAt, BsonNull.Value }), BsonNull.Value });
        var counted = await mongo.Raw(Collections.Messages).AggregateIn(session)
            .Match(new BsonDocument { { Fields.Room, room.Value }, { Fields.Topic, theirs } })
            .Group(new BsonDocument
            {
                { Fields.Id, "$" + Fields.Topic },
                { "messageCount", new BsonDocument("$sum", new BsonDocument("$cond", new BsonArray { isLiving, 1L, 0L })) },
                { "firstSeq", new BsonDocument("$min", "$" + Fields.Seq) },
                { Fields.LastSeq, new BsonDocument("$max", "$" + Fields.Seq) },
                { "firstAt", new BsonDocument("$min", "$" + Fields.CreatedAt) },
                { "lastAt", new BsonDocument("$max", "$" + Fields.CreatedAt) },
            })
            .ToListAsync();
        return counted.ToDictionary(each => each[Fields.Id].AsString, each => new BsonDocument(each.Where(element => element.Name != Fields.Id)), StringComparer.Ordinal);
    }

    private static BsonDocument Sum(BsonDocument left, BsonDocument right)
    {
        return new BsonDocument
        {
            { "messageCount", left["messageCount"].ToInt64() + right["messageCount"].ToInt64() },
            { "firstSeq", Least("firstSeq") },
            { Fields.LastSeq, Greatest(Fields.LastSeq) },
            { "firstAt", Least("firstAt") },
            { "lastAt", Greatest("lastAt") },
        };

        BsonValue Least(string counter) => left[counter] <= right[counter] ? left[counter] : right[counter];

        BsonValue Greatest(string counter) => left[counter] >= right[counter] ? left[counter] : right[counter];
    }
}
