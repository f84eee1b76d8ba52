using AIChat.Domain.Messages;
using AIChat.Domain.Users;
using MongoDB.Bson;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>Users as documents: the entity, an id of the document's own, and the nickname as it is looked up.</summary>
internal static class UserDocuments
{
    public static BsonDocument Of(User user)
    {
        var document = user.ToBsonDocument();
        document.InsertAt(0, new BsonElement(Fields.Id, ObjectId.GenerateNewId()));
        document[Fields.Folded] = SearchTerms.Fold(user.Nickname);
        return document;
    }
}
