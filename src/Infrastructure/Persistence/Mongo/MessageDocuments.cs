using AIChat.Domain.Messages;
using MongoDB.Bson;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>Messages as documents: the entity, and what indexes need beside it.</summary>
internal static class MessageDocuments
{
    public static BsonDocument Of(Message message)
    {
        var document = message.ToBsonDocument();
        document[Fields.Rev] = 0L;
        if (message.Content is { } content)
            document[Fields.Terms] = TermsOf(content);
        return document;
    }

    public static BsonArray TermsOf(string content) => [.. SearchTerms.ToIndex(content)];
}
