using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>
/// Edits and deletions. A change is a document under the room's next <c>rev</c>, inserted only after the change before it was seen and applied to its message. It holds what the
/// message becomes and counts from the moment that it is stored. Then the message, the room's counters and the change itself are updated, each by an update that any server may
/// repeat. A crash in between leaves at most one open change for each room. The next change, the next reader of changes, or the schedule that looks for rooms to reclassify
/// completes it. The words are removed from the change once they are in the message.
/// </summary>
internal sealed class MongoChanges(MongoConnection mongo) : IDisposable
{
    private const int MaxTries = 200;
    private const int MaxOpen = 1000;

    // A change always says what becomes of these: those that it lacks are removed. It holds other elements only if they change, and null where they are removed.
    private static readonly string[] Always = [Fields.Content, Fields.Mentions, Fields.EditedAt, Fields.DeletedAt, Fields.Terms];

    // Changes of one server to one room wait for each other, because only one at a time can take the next number. Rooms share the semaphores.
    private readonly SemaphoreSlim[] _lines = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    private IMongoCollection<BsonDocument> Changes => mongo.Raw(Collections.Changes);

    public async Task<Result<Message>> ChangeAsync(RoomId room, MessageId id, Func<Message, Error?> change)
    {
        var line = _lines[(uint)StringComparer.Ordinal.GetHashCode(room.Value) % _lines.Length];
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

    /// <summary>Changes after a <c>rev</c>, in their order; each one is applied to its message when this returns.</summary>
    public async Task<List<(long Rev, MessageId Message)>> AfterAsync(RoomId room, long rev, int limit, CancellationToken cancellation)
    {
        var filter = Builders<BsonDocument>.Filter;
        var changes = await Changes.Find(filter.Eq(Fields.Room, room.Value) & filter.Gt(Fields.Rev, rev)).Sort(new BsonDocument(Fields.Rev, 1)).Limit(limit).ToListAsync(cancellation);
        foreach (var change in changes.Where(IsOpen))
            await CompleteAsync(change);
        return changes.ConvertAll(change => (change[Fields.Rev].ToInt64(), new MessageId(change[Fields.MessageId].AsString)));
    }

    /// <summary>Completes the changes that dead servers left open, in any room.</summary>
    public async Task CompleteAllAsync(CancellationToken cancellation)
    {
        foreach (var change in await Changes.Find(new BsonDocument(Fields.Open, true)).Limit(MaxOpen).ToListAsync(cancellation))
            await CompleteAsync(change);
    }

    public void Dispose()
    {
        foreach (var line in _lines)
            line.Dispose();
    }

    private static bool IsOpen(BsonDocument change) => change.Contains(Fields.Open);

    /// <summary>Null: another change took the number.</summary>
    private async Task<Result<Message>?> TryAsync(RoomId room, MessageId id, Func<Message, Error?> change)
    {
        // The last change is read before the message, so that any change stored after this makes the insert fail.
        var last = await Changes.Find(new BsonDocument(Fields.Room, room.Value)).Sort(new BsonDocument(Fields.Rev, -1)).Limit(1).FirstOrDefaultAsync();
        if (last is not null && IsOpen(last))
            await CompleteAsync(last);
        var message = await FindAsync(room, id);
        if (message is null)
            return MessageErrors.NotFound;
        var (wasDeleted, before) = (message.IsDeleted, message.ToBsonDocument());
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
            { Fields.Becomes, Becomes(message, before) },
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

    /// <summary>The elements that change; of the n-gram profile, only whether it stays.</summary>
    private static BsonDocument Becomes(Message message, BsonDocument before)
    {
        var after = message.ToBsonDocument();
        if (message.Content is { } content)
            after[Fields.Terms] = MessageDocuments.TermsOf(content);
        var becomes = new BsonDocument(after.Where(element => Always.Contains(element.Name) || before.GetValue(element.Name, BsonNull.Value) != element.Value));
        foreach (var gone in before.Names.Where(name => !Always.Contains(name) && !after.Contains(name)))
            becomes[gone] = BsonNull.Value;
        becomes.Remove(Fields.NgramProfile);
        if (message.NgramProfile is not null)
            becomes[Fields.NgramProfile] = true;
        return becomes;
    }

    /// <summary>Applies a change to its message, then to the room, then closes it.</summary>
    private async Task CompleteAsync(BsonDocument change)
    {
        var (room, rev, becomes) = (change[Fields.Room], change[Fields.Rev], change[Fields.Becomes].AsBsonDocument);
        var given = new BsonDocument(becomes.Where(element => !element.Value.IsBsonNull)) { { Fields.Rev, rev } };
        var update = Writes.Replacing([.. Always.Union(becomes.Names).Where(name => name != Fields.NgramProfile), Fields.Rev], given);
        if (!becomes.Contains(Fields.NgramProfile))
            update["$unset"] = new BsonDocument(update.GetValue("$unset", new BsonDocument()).AsBsonDocument) { { Fields.NgramProfile, 1 } };
        var before = new BsonDocument { { Fields.Id, change[Fields.MessageId] }, { Fields.Room, room }, { Fields.Rev, new BsonDocument("$not", new BsonDocument("$gte", rev)) } };
        await mongo.Raw(Collections.Messages).UpdateOneAsync(before, update);
        var counters = new BsonDocument { { Fields.Rev, rev }, { Fields.Deletions, change[Fields.Deletions] } };
        await mongo.Raw(Collections.Rooms).UpdateOneAsync(new BsonDocument(Fields.Room, room), new BsonDocument("$max", counters));
        await Changes.UpdateOneAsync(
            new BsonDocument { { Fields.Id, change[Fields.Id] }, { Fields.Room, room } },
            new BsonDocument("$unset", new BsonDocument { { Fields.Open, 1 }, { Fields.Becomes, 1 } }));
    }
}
