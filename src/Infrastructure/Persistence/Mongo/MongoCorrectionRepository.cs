using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;
using Ardalis.Specification;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

internal sealed class MongoCorrectionRepository(MongoConnection mongo) : ICorrectionRepository
{
    public Task<IReadOnlyList<Correction>> ListAsync(ISpecification<Correction> specification, CancellationToken cancellation) => MongoConnection.AskAsync<IReadOnlyList<Correction>>(async () =>
    {
        return await MongoConnection.ListAsync(mongo.Corrections, specification, cancellation);
    });

    public Task<Correction?> FindAsync(RoomId room, CorrectionId id, CancellationToken cancellation) => MongoConnection.AskAsync<Correction?>(async () =>
    {
        return await mongo.Corrections.Find(correction => correction.RoomId == room && correction.Id == id).FirstOrDefaultAsync(cancellation);
    });
}
