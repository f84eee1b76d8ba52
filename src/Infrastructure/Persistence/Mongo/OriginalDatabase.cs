using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Users;
using AIChat.Infrastructure.Persistence.DataMigration;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>
/// A database of the original system as the source of a migration; nothing in it is changed. Its documents become ours: <c>{nickname, userId}</c> a user,
/// <c>{channelName, channelId}</c> a room, <c>{room, nickname, content, createdAt}</c> a message under the next number of its room, in the order of times. Topics and vectors
/// are left out, because another model made them: the server classifies each message again. Ids are kept, so that reading twice gives the same.
/// </summary>
internal sealed class OriginalDatabase : MigrationSource
{
    private const string SaidIn = "room";
    private const string RoomName = "channelName";
    private const string At = "at";

    // No client may choose this id: rooms without an owner in the original get none.
    private const string Nobody = "(nobody)";

    private static readonly string[] RoomCollections = ["rooms", "channels", "chatrooms"];
    private static readonly string[] MessageCollections = ["messages", "chats"];

    // Messages without words cannot be shown, searched or classified; messages without a room cannot be reached.
    private static readonly BsonDocument Said = new() { { Fields.Content, new BsonDocument("$regex", "\\S") }, { SaidIn, new BsonDocument("$ne", BsonNull.Value) } };

    // A date, ISO-8601 text or a number of milliseconds; else when the message's own id was made.
    private static readonly BsonDocument SaidAt = ToDate("$" + Fields.CreatedAt, ToDate("$" + Fields.Id, new BsonDateTime(0)));

    private readonly MongoConnection _mongo;
    private readonly IMongoCollection<BsonDocument> _messages;
    private readonly List<string> _notes = [];
    private readonly Dictionary<string, BsonDocument> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BsonDocument> _rooms = new(StringComparer.Ordinal);

    // From the room's name in a message to the room's id; from a nickname that only one user has to the user's id.
    private readonly Dictionary<BsonValue, string> _roomIds = [];
    private readonly Dictionary<string, string> _userIds = new(StringComparer.Ordinal);

    private OriginalDatabase(MongoConnection mongo, string name, IMongoCollection<BsonDocument> messages) => (_mongo, _messages, Name) = (mongo, messages, name);

    public override string Name { get; }

    public override IReadOnlyList<string> Notes => _notes;

    /// <summary>Reads users and rooms, and counts messages. Null: it is no such database.</summary>
    public static async Task<OriginalDatabase?> FindAsync(MongoConnection mongo, string name, CancellationToken cancellation)
    {
        var said = await FirstAsync(mongo, MessageCollections, Said, cancellation);
        var described = await FirstAsync(mongo, RoomCollections, new BsonDocument(RoomName, new BsonDocument("$exists", true)), cancellation);
        if (said is null && described is null)
            return null;
        var found = new OriginalDatabase(mongo, name, said ?? mongo.Raw(MessageCollections[0]));
        await found.LoadUsersAsync(cancellation);
        if (described is not null)
            await found.LoadRoomsAsync(described, cancellation);
        await found.CountRoomsAsync(cancellation);
        await found.NoteMessagesAsync(cancellation);
        return found;
    }

    public override Task<long> CountAsync<T>(string collection, CancellationToken cancellation) => Task.FromResult(
        typeof(T) == typeof(User) ? _users.Count
        : typeof(T) == typeof(Room) ? _rooms.Count
        : typeof(T) == typeof(Message) ? MessageCount()
        : 0);

    public override IAsyncEnumerable<T> ReadAsync<T>(string collection, long skip, CancellationToken cancellation)
    {
        var documents = typeof(T) == typeof(User) ? _users.Select(UserOf).ToAsyncEnumerable()
            : typeof(T) == typeof(Room) ? _rooms.Select(RoomOf).ToAsyncEnumerable()
            : typeof(T) == typeof(Message) ? MessagesAsync(cancellation)
            : AsyncEnumerable.Empty<BsonDocument>();
        return documents.Skip((int)skip).Select(document => BsonSerializer.Deserialize<T>(document)).TellingOutages(MongoFailures.OutageOf);
    }

    public override ValueTask DisposeAsync()
    {
        _mongo.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<IMongoCollection<BsonDocument>?> FirstAsync(MongoConnection mongo, string[] names, BsonDocument with, CancellationToken cancellation)
    {
        foreach (var name in names)
        {
            if (await mongo.Raw(name).Find(with).AnyAsync(cancellation))
                return mongo.Raw(name);
        }

        return null;
    }

    private async Task LoadUsersAsync(CancellationToken cancellation)
    {
        var named = new BsonDocument(Fields.Nickname, new BsonDocument("$exists", true));
        foreach (var user in await _mongo.Raw(Collections.Users).Find(named).Sort(new BsonDocument(Fields.Id, 1)).ToListAsync(cancellation))
            _users.TryAdd(TextOf(user, Fields.User) ?? TextOf(user, Fields.Id)!, user);
        foreach (var group in _users.GroupBy(user => NicknameOf(user.Value, Fields.Nickname), StringComparer.Ordinal).Where(group => group.Count() == 1))
            _userIds[group.Key] = group.First().Key;
        _notes.Add($"A database of the original's shape. Users: {_users.Count}; nobody was signed in there, so people join anew, under other ids.");
    }

    private async Task LoadRoomsAsync(IMongoCollection<BsonDocument> collection, CancellationToken cancellation)
    {
        foreach (var room in await collection.Find(new BsonDocument()).Sort(new BsonDocument(Fields.Id, 1)).ToListAsync(cancellation))
        {
            var id = TextOf(room, Fields.Room) ?? TextOf(room, Fields.Id)!;
            if (!_rooms.TryAdd(id, room))
                continue;
            foreach (var field in (string[])[Fields.Room, Fields.Id, RoomName])
                _roomIds.TryAdd(room.GetValue(field, id), id);
        }
    }

    /// <summary>Counts each room's messages and finds their first and last times. Rooms without a document are known from their messages.</summary>
    private async Task CountRoomsAsync(CancellationToken cancellation)
    {
        var described = _rooms.Count;
        var perRoom = new BsonDocument
        {
            { Fields.Id, "$" + SaidIn },
            { "count", new BsonDocument("$sum", 1) },
            { "first", new BsonDocument("$min", SaidAt) },
            { "last", new BsonDocument("$max", SaidAt) },
        };
        foreach (var counted in await _messages.Aggregate().Match(Said).Group(perRoom).ToListAsync(cancellation))
        {
            if (!_roomIds.TryGetValue(counted[Fields.Id], out var id))
                id = _roomIds[counted[Fields.Id]] = TextOf(counted, Fields.Id) ?? "?";
            _rooms.TryAdd(id, new BsonDocument(RoomName, id));
            _rooms[id][Fields.LastSeq] = _rooms[id].GetValue(Fields.LastSeq, 0L).ToInt64() + counted["count"].ToInt64();
            _rooms[id]["first"] = counted["first"];
            _rooms[id]["last"] = counted["last"];
        }

        _notes.Add($"Rooms: {_rooms.Count}, of these known from their messages alone: {_rooms.Count - described}; they have no owner.");
    }

    private async Task NoteMessagesAsync(CancellationToken cancellation)
    {
        var said = MessageCount();
        var all = await _messages.CountDocumentsAsync(new BsonDocument(), cancellationToken: cancellation);
        var authors = await _messages.Aggregate().Match(Said).Group(new BsonDocument { { Fields.Id, "$" + Fields.Nickname }, { "count", new BsonDocument("$sum", 1) } }).ToListAsync(cancellation);
        var strangers = authors.Where(author => !_userIds.ContainsKey(NicknameOf(author, Fields.Id))).Sum(author => author["count"].ToInt64());
        var judged = await _messages.CountDocumentsAsync(new BsonDocument("$or", new BsonArray { Has(Fields.NgramProfile), Has(Fields.Topic) }), cancellationToken: cancellation);
        _notes.Add($"Messages: {said}, of these by nicknames that no user has or several have: {strangers}, with the name alone. Left out, without words or a room: {all - said}.");
        _notes.Add($"With a vector or a topic of another model: {judged}; both stay behind, and the server finds topics anew.");

        static BsonDocument Has(string field) => new(field, new BsonDocument("$exists", true));
    }

    private long MessageCount() => _rooms.Values.Sum(room => room.GetValue(Fields.LastSeq, 0L).ToInt64());

    private static BsonDocument UserOf(KeyValuePair<string, BsonDocument> user) => new()
    {
        { Fields.User, user.Key },
        { Fields.Nickname, NicknameOf(user.Value, Fields.Nickname) },
        { Fields.CreatedAt, TimeOf(user.Value, Fields.CreatedAt) ?? new BsonDateTime(0) },
        { "excludeFromAi", false },
    };

    private static BsonDocument RoomOf(KeyValuePair<string, BsonDocument> pair)
    {
        var (id, room) = (pair.Key, pair.Value);
        var created = TimeOf(room, Fields.CreatedAt) ?? TimeOf(room, "first") ?? new BsonDateTime(0);
        return new BsonDocument
        {
            { Fields.Room, id },
            { RoomName, TextOf(room, RoomName) ?? id },
            { "createdBy", Nobody },
            { Fields.CreatedAt, created },
            { Fields.LastActiveAt, TimeOf(room, "last") ?? created },
            { Fields.LastSeq, room.GetValue(Fields.LastSeq, 0L) },
            { Fields.Rev, 0L },
        };
    }

    private async IAsyncEnumerable<BsonDocument> MessagesAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var last = new Dictionary<string, long>(StringComparer.Ordinal);
        var ordered = _messages.Aggregate(new AggregateOptions { AllowDiskUse = true, BatchSize = 1000 }).Match(Said)
            .AppendStage<BsonDocument>(new BsonDocument("$project", new BsonDocument { { SaidIn, 1 }, { Fields.Nickname, 1 }, { Fields.Content, 1 }, { At, SaidAt } }))
            .Sort(new BsonDocument { { SaidIn, 1 }, { At, 1 }, { Fields.Id, 1 } });
        using var batches = await ordered.ToCursorAsync(cancellation);
        while (await batches.MoveNextAsync(cancellation))
        {
            foreach (var message in batches.Current)
            {
                var room = _roomIds[message[SaidIn]];
                last[room] = last.GetValueOrDefault(room) + 1;
                var nickname = NicknameOf(message, Fields.Nickname);
                var ours = new BsonDocument
                {
                    { Fields.Id, TextOf(message, Fields.Id) },
                    { Fields.Room, room },
                    { Fields.Seq, last[room] },
                    { Fields.Nickname, nickname },
                    { Fields.Content, message[Fields.Content] },
                    { Fields.CreatedAt, message[At] },
                    { Fields.Classified, false },
                };
                if (_userIds.TryGetValue(nickname, out var author))
                    ours[Fields.User] = author;
                yield return ours;
            }
        }
    }

    private static BsonDocument ToDate(BsonValue input, BsonValue otherwise)
        => new("$convert", new BsonDocument { { "input", input }, { "to", "date" }, { "onError", otherwise }, { "onNull", otherwise } });

    private static string NicknameOf(BsonDocument document, string field) => TextOf(document, field)?.Trim() is { Length: > 0 } nickname ? nickname : "?";

    /// <summary>Ids of any type as text; null where there is none.</summary>
    private static string? TextOf(BsonDocument document, string field) => document.GetValue(field, BsonNull.Value) switch
    {
        BsonNull or BsonUndefined => null,
        BsonString { Value: { Length: > 0 } text } => text,
        BsonString => null,
        var other => other.ToString(),
    };

    /// <summary>A date; else when the document's own id was made.</summary>
    private static BsonDateTime? TimeOf(BsonDocument document, string field) => document.GetValue(field, BsonNull.Value) switch
    {
        BsonDateTime time => time,
        _ => document.GetValue(Fields.Id, BsonNull.Value) is BsonObjectId id ? new BsonDateTime(id.Value.CreationTime) : null,
    };
}
