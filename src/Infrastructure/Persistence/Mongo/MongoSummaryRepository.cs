using AIChat.Domain.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Users;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

internal sealed class MongoSummaryRepository(MongoConnection mongo) : ISummaryRepository
{
    private static readonly FilterDefinitionBuilder<Summary> Where = Builders<Summary>.Filter;

    public Task<Summary?> FindAsync(RoomId room, string request, string fingerprint, UserId? reader, CancellationToken cancellation) => MongoConnection.AskAsync<Summary?>(async () =>
    {
        return await mongo.Summaries.Find(Same(room, request, reader) & Where.Eq(summary => summary.Fingerprint, fingerprint)).FirstOrDefaultAsync(cancellation);
    });

    public Task<Summary?> LatestAsync(RoomId room, UserId reader, CancellationToken cancellation) => MongoConnection.AskAsync<Summary?>(async () =>
    {
        return await mongo.Summaries.Find(Where.Eq(summary => summary.RoomId, room) & Where.In(summary => summary.Reader, [null, reader]))
            .SortByDescending(summary => summary.CreatedAt).ThenByDescending(summary => summary.Id).FirstOrDefaultAsync(cancellation);
    });

    /// <remarks>The new one first, then what is older goes: two that are saved at once leave the younger one, and a death in between leaves one too many, never none.</remarks>
    public Task SaveAsync(Summary summary, CancellationToken cancellation) => MongoConnection.AskAsync(async () =>
    {
        await Writes.InsertOnceAsync(mongo.Summaries, summary, summary.Id.Value);
        return await mongo.Summaries.DeleteManyAsync(Same(summary.RoomId, summary.Request, summary.Reader) & Where.Lt(stored => stored.Id, summary.Id), CancellationToken.None);
    });

    public Task DropCoveringAsync(RoomId room, long seq, CancellationToken cancellation) => MongoConnection.AskAsync(() => mongo.Summaries.DeleteManyAsync(
        summary => summary.RoomId == room && summary.FirstSeq <= seq && summary.LastSeq >= seq, CancellationToken.None));

    private static FilterDefinition<Summary> Same(RoomId room, string request, UserId? reader)
        => Where.Eq(summary => summary.RoomId, room) & Where.Eq(summary => summary.Request, request) & Where.Eq(summary => summary.Reader, reader);
}
