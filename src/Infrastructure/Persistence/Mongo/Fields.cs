namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>Names of elements that queries and updates spell out; the others follow from <see cref="MongoMappings"/>.</summary>
internal static class Fields
{
    public const string Id = "_id";

    /// <summary>The room's id, in every document that belongs to one: the shard key.</summary>
    public const string Room = "channelId";

    public const string User = "userId";
    public const string Nickname = "nickname";
    public const string Seq = "seq";
    public const string Topic = "topic";
    public const string LastSeq = "lastSeq";
    public const string LastActiveAt = "lastActiveAt";
    public const string ClientMessageId = "clientMessageId";
    public const string ImportedBy = "importedBy";
    public const string ImportLine = "importLine";
    public const string Classified = "classified";
    public const string DeletedAt = "deletedAt";
    public const string CreatedAt = "createdAt";
    public const string Content = "content";
    public const string Mentions = "mentions";
    public const string EditedAt = "editedAt";

    /// <summary>Of a message: its n-gram profile.</summary>
    public const string NgramProfile = "embedding";

    /// <summary>Of a message: the last edit or deletion applied to it. Of a room: the highest. Of a change: its own.</summary>
    public const string Rev = "rev";

    /// <summary>Of a room: how many of its messages are deleted. Of a change: how many were, with this one.</summary>
    public const string Deletions = "deletions";

    /// <summary>Of a message: its search terms (<c>SearchTerms</c>).</summary>
    public const string Terms = "terms";

    /// <summary>Of a user: the nickname as <c>SearchTerms</c> folds it.</summary>
    public const string Folded = "folded";

    /// <summary>Of a lease: how many holders it has had. Of a message, where there are no transactions: the epoch of its assignment.</summary>
    public const string Epoch = "epoch";

    /// <summary>Of a room: the number up to which it was reclassified.</summary>
    public const string ReclassifiedSeq = "reclassifiedSeq";

    /// <summary>Of a room: the change up to which it was reclassified.</summary>
    public const string ReclassifiedRev = "reclassifiedRev";

    /// <summary>Of a room: the sentence encoder that has seen all of it.</summary>
    public const string SeenBy = "seenBy";

    /// <summary>Of a room: its summary schedule.</summary>
    public const string Digest = "digest";

    /// <summary>Of a room: scheduled summaries are done up to this time.</summary>
    public const string DigestedUpTo = "digestedUpTo";
    public const string TopicsBy = "topicsBy";
    public const string ModelFromSeq = "modelFromSeq";
    public const string ModelUpToSeq = "modelUpToSeq";

    /// <summary>Of a change: it may not be applied to its message yet.</summary>
    public const string Open = "open";

    /// <summary>Of an open change: the new elements of its message.</summary>
    public const string Becomes = "becomes";

    /// <summary>Of a correction: its place in the room's order.</summary>
    public const string Number = "number";

    public const string MessageId = "messageId";
    public const string Level = "level";
    public const string ParentId = "parentId";
    public const string State = "state";
    public const string Holder = "holder";
    public const string ExpiresAt = "expiresAt";
}
