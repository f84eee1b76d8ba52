using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>
/// Edits and deletions. A change is a document under the room's next <c>rev</c>, inserted only after the one before was seen and brought into its message; it
/// carries what the message becomes, and is the truth from the moment that it is stored. Then the message, the room's counters and the change itself follow, each
/// by an update that may be made any number of times and by anyone. So a death in between leaves one open change a room at most, which whoever comes next
/// completes: the next change, whoever asks for changes, and the schedule that looks for rooms to re-classify. The words go from the change once they are in the message.
/// </summary>
internal sealed class MongoChanges(MongoConnection mongo) : IDisposable
{
    private const int MaxTries = 200;
    private const int MaxOpen = 1000;

    // What a change may touch; the verdict is not among it.
    private static readonly string[] Changing = [Fields.Content, Fields.Mentions, Fields.EditedAt, Fields.DeletedAt];

    // Changes of one server to one room stand in a line, for otherwise all but one would try in vain. Rooms share lines.
    private readonly SemaphoreSlim[] lines = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    private IMongoCollection<BsonDocument> Changes => mongo.Raw(Collections.Changes);

    public async Task<Result<Message>> ChangeAsync(RoomId room, MessageId id, Func<Message, Error?> change)
    {
        var line = lines[(uint)StringComparer.Ordinal.GetHashCode(room.Value) % lines.Length];
        await line.WaitAsync();
        try
        {
            for (var tries = 1; ; tries++)
            {
                if (await TryAsync(room, id, change) is { } result)
                    return result;
                if (tries == MaxTries)
                    throw new StoreUnavailableException("store_unavailable", "The room is changed by too many at once.", new TimeoutException());
                await Task.Delay(Math.Min(tries, 50));
            }
        }
        finally
        {
            line.Release();
        }
    }

    /// <summary>Changes after a <c>rev</c>, in their order; each one is in its message when this returns.</summary>
    public async Task<List<(long Rev, MessageId Message)>> AfterAsync(RoomId room, long rev, int limit, CancellationToken cancellation)
    {
        var filter = Builders<BsonDocument>.Filter;
        var changes = await Changes.Find(filter.Eq(Fields.Room, room.Value) & filter.Gt(Fields.Rev, rev)).Sort(new BsonDocument(Fields.Rev, 1)).Limit(limit).ToListAsync(cancellation);
        foreach (var change in changes.Where(IsOpen))
            await CompleteAsync(change);
        return changes.ConvertAll(change => (change[Fields.Rev].ToInt64(), new MessageId(change[Fields.MessageId].AsString)));
    }

    /// <summary>Completes what a server that died left open, in any room.</summary>
    public async Task CompleteAllAsync(CancellationToken cancellation)
    {
        foreach (var change in await Changes.Find(new BsonDocument(Fields.Open, true)).Limit(MaxOpen).ToListAsync(cancellation))
            await CompleteAsync(change);
    }

    public void Dispose()
    {
        foreach (var line in lines)
            line.Dispose();
    }

    private static bool IsOpen(BsonDocument change) => change.Contains(Fields.Open);

    /// <summary>Null: another one took the number.</summary>
    private async Task<Result<Message>?> TryAsync(RoomId room, MessageId id, Func<Message, Error?> change)
    {
        // The last change before the message: whatever is stored after this look makes the insert fail.
        var last = await Changes.Find(new BsonDocument(Fields.Room, room.Value)).Sort(new BsonDocument(Fields.Rev, -1)).Limit(1).FirstOrDefaultAsync();
        if (last is not null && IsOpen(last))
            await CompleteAsync(last);
        var message = await FindAsync(room, id);
        if (message is null)
            return MessageErrors.NotFound;
        var wasDeleted = message.IsDeleted;
        if (change(message) is { } refusal)
            return refusal;

        var intent = new BsonDocument
        {
            { Fields.Id, ObjectId.GenerateNewId() },
            { Fields.Room, room.Value },
            { Fields.Rev, (last?[Fields.Rev].ToInt64() ?? 0) + 1 },
            { Fields.MessageId, id.Value },
            { Fields.Deletions, (last?[Fields.Deletions].ToInt64() ?? 0) + (message.IsDeleted && !wasDeleted ? 1 : 0) },
            { Fields.Open, true },
            { Fields.Becomes, Becomes(message) },
        };
        try
        {
            await Writes.InsertOnceAsync(Changes, intent, intent[Fields.Id]);
        }
        catch (MongoWriteException taken) when (MongoFailures.IsDuplicate(taken))
        {
            return null;
        }

        await CompleteAsync(intent);
        return (await FindAsync(room, id))!;
    }

    private async Task<Message?> FindAsync(RoomId room, MessageId id) => await mongo.Messages.Find(stored => stored.RoomId == room && stored.Id == id).FirstOrDefaultAsync();

    /// <summary>What is not among these is taken out of the message; of the vector, only whether it stays.</summary>
    private static BsonDocument Becomes(Message message)
    {
        var becomes = new BsonDocument(MessageDocuments.Of(message).Where(element => Changing.Contains(element.Name) || element.Name == Fields.Terms));
        if (message.NgramProfile is not null)
            becomes[Fields.NgramProfile] = true;
        return becomes;
    }

    /// <summary>Brings a change into its message, then into the room, then closes it.</summary>
    private async Task CompleteAsync(BsonDocument change)
    {
        var (room, rev, becomes) = (change[Fields.Room], change[Fields.Rev], change[Fields.Becomes].AsBsonDocument);
        var gone = new BsonDocument(((string[])[.. Changing, Fields.Terms, Fields.NgramProfile]).Where(field => !becomes.Contains(field)).Select(field => new BsonElement(field, 1)));
        var update = new BsonDocument("$set", new BsonDocument(becomes.Where(element => element.Name != Fields.NgramProfile)) { { Fields.Rev, rev } });
        if (gone.ElementCount > 0)
            update["$unset"] = gone;
        var before = new BsonDocument { { Fields.Id, change[Fields.MessageId] }, { Fields.Room, room }, { Fields.Rev, new BsonDocument("$not", new BsonDocument("$gte", rev)) } };
        await mongo.Raw(Collections.Messages).UpdateOneAsync(before, update);
        var counters = new BsonDocument { { Fields.Rev, rev }, { Fields.Deletions, change[Fields.Deletions] } };
        await mongo.Raw(Collections.Rooms).UpdateOneAsync(new BsonDocument(Fields.Room, room), new BsonDocument("$max", counters));
        await Changes.UpdateOneAsync(
            new BsonDocument { { Fields.Id, change[Fields.Id] }, { Fields.Room, room } },
            new BsonDocument("$unset", new BsonDocument { { Fields.Open, 1 }, { Fields.Becomes, 1 } }));
    }
}
