using AIChat.Domain.Topics;
using MongoDB.Bson;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>The counters of topics as elements of their documents.</summary>
internal static class TopicCountDocuments
{
    public const string MessageCount = "messageCount";
    public const string FirstSeq = "firstSeq";
    public const string FirstAt = "firstAt";
    public const string LastAt = "lastAt";

    /// <summary>Whether a message was counted; until then the first number and time are absent.</summary>
    public static bool IsCounted(BsonDocument topic) => topic.Contains(FirstSeq);

    /// <summary>The counters of a document that has all of them.</summary>
    public static TopicCount Read(BsonDocument counted)
        => new(counted[MessageCount].ToInt64(), counted[FirstSeq].ToInt64(), counted[Fields.LastSeq].ToInt64(), TimeOf(counted[FirstAt]), TimeOf(counted[LastAt]));

    /// <summary>The count of one message, whose document has its number, its time and the time of its deletion.</summary>
    public static TopicCount OfMessage(BsonDocument message)
        => TopicCount.Of(message[Fields.Seq].ToInt64(), TimeOf(message[Fields.CreatedAt]), isDeleted: message.Contains(Fields.DeletedAt));

    /// <summary>Sets the counters.</summary>
    public static BsonDocument Setting(TopicCount count) => new("$set", new BsonDocument
    {
        { MessageCount, count.MessageCount },
        { FirstSeq, count.FirstSeq },
        { Fields.LastSeq, count.LastSeq },
        { FirstAt, count.FirstAt.UtcDateTime },
        { LastAt, count.LastAt.UtcDateTime },
    });

    /// <summary>Adds to the counters.</summary>
    public static BsonDocument Adding(TopicCount count) => new()
    {
        { "$inc", new BsonDocument(MessageCount, count.MessageCount) },
        { "$min", new BsonDocument { { FirstSeq, count.FirstSeq }, { FirstAt, count.FirstAt.UtcDateTime } } },
        { "$max", new BsonDocument { { Fields.LastSeq, count.LastSeq }, { LastAt, count.LastAt.UtcDateTime } } },
    };

    /// <summary>Groups messages by conversation and counts them.</summary>
    public static BsonDocument Grouping()
    {
        var isNotDeleted = new BsonDocument("$eq", new BsonArray { new BsonDocument("$ifNull", new BsonArray { "$" + Fields.DeletedAt, BsonNull.Value }), BsonNull.Value });
        return new BsonDocument
        {
            { Fields.Id, "$" + Fields.Topic },
            { MessageCount, new BsonDocument("$sum", new BsonDocument("$cond", new BsonArray { isNotDeleted, 1L, 0L })) },
            { FirstSeq, new BsonDocument("$min", "$" + Fields.Seq) },
            { Fields.LastSeq, new BsonDocument("$max", "$" + Fields.Seq) },
            { FirstAt, new BsonDocument("$min", "$" + Fields.CreatedAt) },
            { LastAt, new BsonDocument("$max", "$" + Fields.CreatedAt) },
        };
    }

    private static DateTimeOffset TimeOf(BsonValue time) => new(time.ToUniversalTime());
}
