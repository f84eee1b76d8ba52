using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Users;
using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

internal sealed class MongoSummaryRepository(MongoConnection mongo) : ISummaryRepository
{
    private static readonly FilterDefinitionBuilder<Summary> Where = Builders<Summary>.Filter;

    public Task<Summary?> FindAsync(RoomId room, string request, string fingerprint, UserId? reader, CancellationToken cancellation) => MongoConnection.AskAsync<Summary?>(async () =>
    {
        return await mongo.Summaries.Find(Same(room, request, reader) & Where.Eq(summary => summary.Fingerprint, fingerprint)).FirstOrDefaultAsync(cancellation);
    });

    public Task<Summary?> FindAsync(RoomId room, SummaryId id, UserId reader, CancellationToken cancellation) => MongoConnection.AskAsync<Summary?>(async () =>
    {
        return await mongo.Summaries.Find(Seen(room, reader) & Where.Eq(summary => summary.Id, id)).FirstOrDefaultAsync(cancellation);
    });

    public Task<Summary?> LatestAsync(RoomId room, UserId reader, CancellationToken cancellation) => MongoConnection.AskAsync<Summary?>(async () =>
    {
        return await mongo.Summaries.Find(Seen(room, reader)).SortByDescending(summary => summary.CreatedAt).ThenByDescending(summary => summary.Id).FirstOrDefaultAsync(cancellation);
    });

    /// <remarks>The new one first, then what is older goes: two that are saved at once leave the younger one, and a death in between leaves one too many, never none.</remarks>
    public Task<bool> SaveAsync(Summary summary, CancellationToken cancellation) => MongoConnection.AskAsync(async () =>
    {
        try
        {
            await mongo.Summaries.InsertOneAsync(summary, cancellationToken: CancellationToken.None);
        }
        catch (MongoWriteException repeated) when (MongoFailures.IsDuplicate(repeated))
        {
            // Another's; or this one, where the driver sent it twice after a lost answer.
            var there = await mongo.Summaries.Find(Where.Eq(stored => stored.Id, summary.Id)).FirstOrDefaultAsync(CancellationToken.None);
            if (there?.Body != summary.Body)
                return false;
        }

        await mongo.Summaries.DeleteManyAsync(Same(summary.RoomId, summary.Request, summary.Reader) & Where.Lt(stored => stored.Id, summary.Id), CancellationToken.None);
        return true;
    });

    public Task<IReadOnlyList<SummaryPart>> PartsAsync(RoomId room, IReadOnlyCollection<string> ids, CancellationToken cancellation) => MongoConnection.AskAsync<IReadOnlyList<SummaryPart>>(async () =>
    {
        return await mongo.SummaryParts.Find(Builders<SummaryPart>.Filter.Eq(part => part.RoomId, room) & Builders<SummaryPart>.Filter.In(part => part.Id, ids)).ToListAsync(cancellation);
    });

    public Task SavePartAsync(SummaryPart part, DateTimeOffset outdated, CancellationToken cancellation) => MongoConnection.AskAsync(async () =>
    {
        await UpsertAsync(mongo.SummaryParts, part, new BsonDocument { { Fields.Id, part.Id }, { Fields.Room, part.RoomId.Value } });
        return await mongo.SummaryParts.DeleteManyAsync(stored => stored.RoomId == part.RoomId && stored.CreatedAt < outdated, CancellationToken.None);
    });

    public Task DropCoveringAsync(RoomId room, long seq, CancellationToken cancellation) => MongoConnection.AskAsync(async () =>
    {
        await mongo.SummaryParts.DeleteManyAsync(part => part.RoomId == room && part.FirstSeq <= seq && part.LastSeq >= seq, CancellationToken.None);
        return await mongo.Summaries.DeleteManyAsync(summary => summary.RoomId == room && summary.FirstSeq <= seq && summary.LastSeq >= seq, CancellationToken.None);
    });

    public Task DropChangedAsync(CancellationToken cancellation) => MongoConnection.AskAsync(async () =>
    {
        await foreach (var part in mongo.SummaryParts.Find(FilterDefinition<SummaryPart>.Empty).ToAsyncEnumerable().WithCancellation(cancellation))
        {
            if (await IsChangedAsync(part.RoomId, part.FirstSeq, part.LastSeq, part.CreatedAt, cancellation))
                await mongo.SummaryParts.DeleteOneAsync(stored => stored.RoomId == part.RoomId && stored.Id == part.Id, CancellationToken.None);
        }

        await foreach (var summary in mongo.Summaries.Find(FilterDefinition<Summary>.Empty).ToAsyncEnumerable().WithCancellation(cancellation))
        {
            if (await IsChangedAsync(summary.RoomId, summary.FirstSeq, summary.LastSeq, summary.CreatedAt, cancellation))
                await mongo.Summaries.DeleteOneAsync(stored => stored.RoomId == summary.RoomId && stored.Id == summary.Id, CancellationToken.None);
        }

        return true;
    });

    public Task SaveVoteAsync(SummaryVote vote, CancellationToken cancellation) => MongoConnection.AskAsync(async () =>
    {
        await UpsertAsync(mongo.SummaryVotes, vote, new BsonDocument { { Fields.Id, vote.Id }, { Fields.Room, vote.RoomId.Value } });
        return true;
    });

    public Task<IReadOnlyList<EngineVotes>> VotesAsync(RoomId room, CancellationToken cancellation) => MongoConnection.AskAsync<IReadOnlyList<EngineVotes>>(async () =>
    {
        var counted = await mongo.Raw(Collections.SummaryVotes).Aggregate().Match(new BsonDocument(Fields.Room, room.Value))
            .Group(new BsonDocument
            {
                { Fields.Id, "$engine" },
                { "up", new BsonDocument("$sum", new BsonDocument("$cond", new BsonArray { "$isUp", 1, 0 })) },
                { "all", new BsonDocument("$sum", 1) },
            }).ToListAsync(cancellation);
        return [.. counted.Select(engine => new EngineVotes(engine[Fields.Id].AsString, engine["up"].ToInt64(), engine["all"].ToInt64() - engine["up"].ToInt64())).OrderBy(engine => engine.Engine, StringComparer.Ordinal)];
    });

    /// <summary>Two that put in the same at once: the second one finds it there and replaces it.</summary>
    private static async Task UpsertAsync<T>(IMongoCollection<T> collection, T document, BsonDocument same)
    {
        var options = new ReplaceOptions { IsUpsert = true };
        try
        {
            await collection.ReplaceOneAsync(same, document, options, CancellationToken.None);
        }
        catch (MongoWriteException there) when (MongoFailures.IsDuplicate(there))
        {
            await collection.ReplaceOneAsync(same, document, options, CancellationToken.None);
        }
    }

    private Task<bool> IsChangedAsync(RoomId room, long first, long last, DateTimeOffset since, CancellationToken cancellation)
    {
        var where = Builders<Message>.Filter;
        var covered = where.Eq(message => message.RoomId, room) & where.Gte(message => message.Seq, first) & where.Lte(message => message.Seq, last);
        return mongo.Messages.Find(covered & (where.Gte(message => message.EditedAt, since) | where.Gte(message => message.DeletedAt, since))).AnyAsync(cancellation);
    }

    private static FilterDefinition<Summary> Seen(RoomId room, UserId reader) => Where.Eq(summary => summary.RoomId, room) & Where.In(summary => summary.Reader, [null, reader]);

    private static FilterDefinition<Summary> Same(RoomId room, string request, UserId? reader)
        => Where.Eq(summary => summary.RoomId, room) & Where.Eq(summary => summary.Request, request) & Where.Eq(summary => summary.Reader, reader);
}
