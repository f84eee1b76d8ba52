using AIChat.Domain.Messages;
using AIChat.Domain.Users;
using MongoDB.Bson;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>Users as documents: the entity, the document's own id, and the nickname as it is looked up.</summary>
internal static class UserDocuments
{
    private static readonly string[] Changing = [.. MongoMappings.ElementsOf<User>().Where(element => element != Fields.User), Fields.Folded];

    public static BsonDocument Of(User user)
    {
        var document = Folded(user);
        document.InsertAt(0, new BsonElement(Fields.Id, ObjectId.GenerateNewId()));
        return document;
    }

    /// <summary>Replaces everything but the ids.</summary>
    public static BsonDocument UpdateOf(User user) => Writes.Replacing(Changing, Folded(user));

    private static BsonDocument Folded(User user) => new(user.ToBsonDocument()) { { Fields.Folded, SearchTerms.Fold(user.Nickname) } };
}
