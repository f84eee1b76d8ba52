using System.Security.Cryptography;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;
using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

internal sealed class MongoEmbeddingRepository(MongoConnection mongo) : IEmbeddingRepository
{
    private const int WriteConflict = 112;

    /// <summary>The longest pause before a write is tried again, in milliseconds. Pauses are random, so that two writers do not meet again.</summary>
    private const int LongestPause = 100;

    private static readonly FilterDefinitionBuilder<MessageEmbedding> Where = Builders<MessageEmbedding>.Filter;

    public Task SaveAsync(IReadOnlyList<MessageEmbedding> vectors, CancellationToken cancellation) => MongoConnection.AskAsync(async () =>
    {
        // Two servers may store the embedding of the same message at once; the second one finds it there and replaces it. All write in the same order, and a server that meets a
        // write conflict tries again: DocumentDB writes a bulk in one transaction, and aborts one of two that wait for each other.
        for (var left = vectors.OrderBy(vector => vector.RoomId.Value, StringComparer.Ordinal).ThenBy(vector => vector.Seq).ToList(); left.Count > 0;)
        {
            try
            {
                await mongo.Vectors.BulkWriteAsync(
                    left.Select(vector => new ReplaceOneModel<MessageEmbedding>(Of(vector.RoomId, vector.Seq), vector) { IsUpsert = true }), new BulkWriteOptions { IsOrdered = false }, CancellationToken.None);
                break;
            }
            catch (MongoBulkWriteException<MessageEmbedding> met) when (met.WriteConcernError is null && met.WriteErrors.All(error => error.Category == ServerErrorCategory.DuplicateKey || error.Code == WriteConflict))
            {
                if (met.WriteErrors.Any(error => error.Code == WriteConflict))
                    await Task.Delay(RandomNumberGenerator.GetInt32(LongestPause), CancellationToken.None);
                else
                    left = [.. met.WriteErrors.Select(error => left[error.Index])];
            }
        }

        await RemoveFormerAsync(vectors);
        return true;
    });

    public Task<IReadOnlyList<MessageEmbedding>> FindAsync(RoomId room, string model, IReadOnlyCollection<long> seqs, CancellationToken cancellation)
        => MongoConnection.AskAsync<IReadOnlyList<MessageEmbedding>>(async () =>
        {
            return await mongo.Vectors.Find(Where.Eq(vector => vector.RoomId, room) & Where.In(vector => vector.Seq, seqs) & Where.Eq(vector => vector.Model, model)).ToListAsync(cancellation);
        });

    public Task<IReadOnlyList<MessageEmbedding>> AfterAsync(RoomId room, string model, long seq, int limit, CancellationToken cancellation)
        => MongoConnection.AskAsync<IReadOnlyList<MessageEmbedding>>(async () =>
        {
            return await mongo.Vectors.Find(Where.Eq(vector => vector.RoomId, room) & Where.Gt(vector => vector.Seq, seq) & Where.Eq(vector => vector.Model, model))
                .SortBy(vector => vector.Seq).Limit(limit).ToListAsync(cancellation);
        });

    public Task RemoveAsync(RoomId room, long seq, CancellationToken cancellation) => MongoConnection.AskAsync(() => mongo.Vectors.DeleteOneAsync(Of(room, seq), CancellationToken.None));

    public Task<IReadOnlyList<RoomId>> RoomsWithoutAsync(string model, CancellationToken cancellation) => MongoConnection.AskAsync<IReadOnlyList<RoomId>>(async () =>
    {
        var without = new BsonDocument { { Fields.LastSeq, new BsonDocument("$gt", 0) }, { Fields.SeenBy, new BsonDocument("$ne", model) } };
        var rooms = await mongo.Raw(Collections.Rooms).Find(without).Sort(new BsonDocument(Fields.LastActiveAt, -1)).Project(new BsonDocument(Fields.Room, 1)).ToListAsync(cancellation);
        return rooms.ConvertAll(room => new RoomId(room[Fields.Room].AsString));
    });

    public Task SetSeenAsync(RoomId room, string? model, CancellationToken cancellation) => MongoConnection.AskAsync(async () =>
    {
        if (model is not null)
            await mongo.Vectors.DeleteManyAsync(Where.Eq(vector => vector.RoomId, room) & Where.Ne(vector => vector.Model, model), CancellationToken.None);
        return await mongo.Raw(Collections.Rooms).UpdateOneAsync(
            new BsonDocument(Fields.Room, room.Value),
            model is null ? new BsonDocument("$unset", new BsonDocument(Fields.SeenBy, 1)) : new BsonDocument("$set", new BsonDocument(Fields.SeenBy, model)),
            cancellationToken: CancellationToken.None);
    });

    /// <summary>A change of a message removes its embedding afterwards. This looks for changes after the embedding was stored, so that one of the two sees the other.</summary>
    private async Task RemoveFormerAsync(IReadOnlyList<MessageEmbedding> vectors)
    {
        foreach (var ofRoom in vectors.GroupBy(vector => vector.RoomId))
        {
            var made = ofRoom.ToDictionary(vector => vector.Seq);
            var changed = Builders<Message>.Filter.Eq(message => message.RoomId, ofRoom.Key) & Builders<Message>.Filter.In(message => message.Seq, made.Keys)
                & (Builders<Message>.Filter.Ne(message => message.EditedAt, null) | Builders<Message>.Filter.Ne(message => message.DeletedAt, null));
            foreach (var message in await mongo.Messages.Find(changed).ToListAsync(CancellationToken.None))
            {
                if (!made[message.Seq].IsOf(message))
                    await mongo.Vectors.DeleteOneAsync(Of(message.RoomId, message.Seq) & Where.Eq(vector => vector.EditedAt, made[message.Seq].EditedAt), CancellationToken.None);
            }
        }
    }

    private static FilterDefinition<MessageEmbedding> Of(RoomId room, long seq) => Where.Eq(vector => vector.RoomId, room) & Where.Eq(vector => vector.Seq, seq);
}
