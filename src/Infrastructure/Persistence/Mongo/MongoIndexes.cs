using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>Every index; docs/schema.md says what each one serves. Making them again changes nothing.</summary>
internal static class MongoIndexes
{
    public static async Task MakeAsync(IMongoDatabase database, CancellationToken cancellation)
    {
        foreach (var (collection, indexes) in All())
            await database.GetCollection<BsonDocument>(collection).Indexes.CreateManyAsync(indexes, cancellation);
    }

    private static IEnumerable<(string Collection, CreateIndexModel<BsonDocument>[] Indexes)> All() =>
    [
        (Collections.Users, [Unique("id", Fields.User), Plain("folded", Fields.Folded)]),
        (Collections.Rooms, [Unique("id", Fields.Room), Plain("activity", "-" + Fields.LastActiveAt, "-" + Fields.Room)]),
        (Collections.Messages,
        [
            Unique("seq", Fields.Room, Fields.Seq),
            Unique("client", Exists(Fields.ClientMessageId), Fields.Room, Fields.User, Fields.ClientMessageId),
            Unique("imported", Exists(Fields.ImportedBy), Fields.Room, Fields.ImportedBy, Fields.ImportLine),
            Plain("topic", Fields.Room, Fields.Topic, Fields.Seq),
            Partial("own", Exists(Fields.User), Fields.Room, Fields.User, Fields.Seq),
            Partial("tombstones", Exists(Fields.DeletedAt), Fields.Room, Fields.Seq, Fields.User),
            Partial("unclassified", new BsonDocument(Fields.Classified, false), Fields.Classified, Fields.Room, Fields.Seq),
            Plain("terms", Fields.Room, Fields.Terms, Fields.Seq),
        ]),
        (Collections.Changes, [Unique("rev", Fields.Room, Fields.Rev), Partial("open", Exists(Fields.Open), Fields.Open)]),
        (Collections.Reads, [Unique("mark", Fields.Room, Fields.User)]),
        (Collections.Topics, [Plain("recent", Fields.Room, "-" + Fields.LastSeq, Fields.Level, Fields.Id), Plain("parent", Fields.Room, Fields.ParentId)]),
        (Collections.Corrections, [Unique("number", Fields.Room, Fields.Number)]),
        (Collections.Vectors, [Unique("seq", Fields.Room, Fields.Seq)]),
        (Collections.Summaries, [Plain("latest", Fields.Room, "-" + Fields.CreatedAt)]),
        (Collections.SummaryParts, [Plain("covered", Fields.Room, "firstSeq")]),
        (Collections.SummaryVotes, [Plain("room", Fields.Room)]),
        (Collections.Spending, [Plain("month", "month", Fields.User)]),
        (Collections.Jobs, [Plain("state", Fields.State, Fields.CreatedAt)]),
    ];

    private static BsonDocument Exists(string field) => new(field, new BsonDocument("$exists", true));

    private static CreateIndexModel<BsonDocument> Plain(string name, params string[] fields) => Make(name, unique: false, null, fields);

    private static CreateIndexModel<BsonDocument> Partial(string name, BsonDocument where, params string[] fields) => Make(name, unique: false, where, fields);

    private static CreateIndexModel<BsonDocument> Unique(string name, params string[] fields) => Make(name, unique: true, null, fields);

    private static CreateIndexModel<BsonDocument> Unique(string name, BsonDocument where, params string[] fields) => Make(name, unique: true, where, fields);

    private static CreateIndexModel<BsonDocument> Make(string name, bool unique, BsonDocument? where, string[] fields) => new(
        new BsonDocument(fields.Select(field => field[0] == '-' ? new BsonElement(field[1..], -1) : new BsonElement(field, 1))),
        new CreateIndexOptions<BsonDocument> { Name = name, Unique = unique ? true : null, PartialFilterExpression = where });
}

internal static class Collections
{
    public const string Users = "users";
    public const string Sessions = "sessions";
    public const string Rooms = "rooms";
    public const string Messages = "messages";
    public const string Changes = "changes";
    public const string Reads = "reads";
    public const string Topics = "topics";
    public const string Corrections = "corrections";
    public const string Vectors = "vectors";
    public const string Summaries = "summaries";
    public const string SummaryParts = "summaryParts";
    public const string SummaryVotes = "summaryVotes";
    public const string Spending = "spending";
    public const string Jobs = "jobs";
    public const string Leases = "leases";
}
