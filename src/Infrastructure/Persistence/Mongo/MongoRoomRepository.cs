using AIChat.Domain.Rooms;
using AIChat.Domain.Users;
using Ardalis.Specification;
using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

internal sealed class MongoRoomRepository(MongoConnection mongo) : IRoomRepository
{
    public Task<Room?> FindAsync(RoomId id, CancellationToken cancellation) => MongoConnection.AskAsync<Room?>(async () =>
    {
        return await mongo.Rooms.Find(room => room.Id == id).FirstOrDefaultAsync(cancellation);
    });

    public Task<IReadOnlyList<Room>> ListAsync(ISpecification<Room> specification, CancellationToken cancellation) => MongoConnection.AskAsync<IReadOnlyList<Room>>(async () =>
    {
        return await MongoConnection.ListAsync(mongo.Rooms, specification, cancellation);
    });

    public Task AddAsync(Room room, CancellationToken cancellation) => MongoConnection.AskAsync(async () =>
    {
        await Writes.InsertOnceAsync(mongo.Raw(Collections.Rooms), RoomDocuments.Of(room), room.Id.Value);
        return true;
    });

    public Task SaveSummaryScheduleAsync(Room room, CancellationToken cancellation) => MongoConnection.AskAsync(() => mongo.Raw(Collections.Rooms).UpdateOneAsync(
        new BsonDocument(Fields.Room, room.Id.Value), Writes.Replacing([Fields.Digest, Fields.DigestedUpTo], room.ToBsonDocument()), cancellationToken: CancellationToken.None));

    public Task MarkDigestedAsync(RoomId room, DateTimeOffset upTo, CancellationToken cancellation) => MongoConnection.AskAsync(() => mongo.Raw(Collections.Rooms).UpdateOneAsync(
        new BsonDocument { { Fields.Room, room.Value }, { Fields.DigestedUpTo, new BsonDocument("$lt", new BsonDateTime(upTo.UtcDateTime)) } },
        new BsonDocument("$set", new BsonDocument(Fields.DigestedUpTo, new BsonDateTime(upTo.UtcDateTime))),
        cancellationToken: CancellationToken.None));

    public Task SaveTopicsByAsync(Room room, CancellationToken cancellation) => MongoConnection.AskAsync(() => mongo.Raw(Collections.Rooms).UpdateOneAsync(
        new BsonDocument(Fields.Room, room.Id.Value), Writes.Replacing([Fields.TopicsBy, Fields.ModelFromSeq, Fields.ModelUpToSeq], room.ToBsonDocument()), cancellationToken: CancellationToken.None));

    public Task AdvanceModelAsync(RoomId room, long from, long upTo, CancellationToken cancellation) => MongoConnection.AskAsync(() => mongo.Raw(Collections.Rooms).UpdateOneAsync(
        new BsonDocument { { Fields.Room, room.Value }, { Fields.ModelUpToSeq, from } },
        new BsonDocument("$set", new BsonDocument(Fields.ModelUpToSeq, upTo)),
        cancellationToken: CancellationToken.None));

    public Task<IReadOnlyDictionary<RoomId, long>> ReadMarksAsync(UserId user, IReadOnlyCollection<RoomId> rooms, CancellationToken cancellation)
        => MongoConnection.AskAsync<IReadOnlyDictionary<RoomId, long>>(async () =>
        {
            var filter = Builders<BsonDocument>.Filter.In(Fields.Room, rooms.Select(room => room.Value)) & Builders<BsonDocument>.Filter.Eq(Fields.User, user.Value);
            var marks = await mongo.Raw(Collections.Reads).Find(filter).ToListAsync(cancellation);
            return marks.ToDictionary(mark => new RoomId(mark[Fields.Room].AsString), mark => mark[Fields.Seq].ToInt64());
        });

    public Task<ReadMark> MoveReadMarkAsync(UserId user, RoomId room, long seq, CancellationToken cancellation) => MongoConnection.AskAsync(async () =>
    {
        var reads = mongo.Raw(Collections.Reads);
        var mark = new BsonDocument { { Fields.Room, room.Value }, { Fields.User, user.Value } };
        while (seq > 0)
        {
            try
            {
                // If the mark is not behind, the upsert finds nothing, tries to insert, and meets the mark.
                var behind = new BsonDocument(mark) { { Fields.Seq, new BsonDocument("$lt", seq) } };
                await reads.UpdateOneAsync(behind, new BsonDocument("$set", new BsonDocument(Fields.Seq, seq)), new UpdateOptions { IsUpsert = true }, CancellationToken.None);
                return new ReadMark(seq, Moved: true);
            }
            catch (Exception there) when (MongoFailures.IsDuplicate(there))
            {
                if (await SeqAsync() is var stands && stands >= seq)
                    return new ReadMark(stands, Moved: false);
            }
        }

        return new ReadMark(await SeqAsync(), Moved: false);

        async Task<long> SeqAsync() => (await reads.Find(mark).FirstOrDefaultAsync(CancellationToken.None))?[Fields.Seq].ToInt64() ?? 0;
    });
}
