using AIChat.Domain.Jobs;
using AIChat.Domain.Rooms;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

internal sealed class MongoJobRepository(MongoConnection mongo) : IJobRepository
{
    private static readonly FilterDefinition<Job> Unfinished = Builders<Job>.Filter.In(job => job.State, [JobState.Queued, JobState.Running]);

    public Task<Job?> FindAsync(JobId id, CancellationToken cancellation) => MongoConnection.AskAsync<Job?>(async () =>
    {
        return await mongo.Jobs.Find(job => job.Id == id).FirstOrDefaultAsync(cancellation);
    });

    public Task AddAsync(Job job, CancellationToken cancellation) => MongoConnection.AskAsync(async () =>
    {
        await Writes.InsertOnceAsync(mongo.Jobs, job, job.Id.Value);
        return true;
    });

    public Task SaveAsync(Job job, CancellationToken cancellation)
        => MongoConnection.AskAsync(() => mongo.Jobs.ReplaceOneAsync(stored => stored.Id == job.Id, job, cancellationToken: CancellationToken.None));

    public Task<IReadOnlyList<Job>> UnfinishedAsync(CancellationToken cancellation) => MongoConnection.AskAsync<IReadOnlyList<Job>>(async () =>
    {
        return await mongo.Jobs.Find(Unfinished).SortBy(job => job.CreatedAt).ThenBy(job => job.Id).ToListAsync(cancellation);
    });

    public Task<Job?> FindUnfinishedAsync(RoomId room, JobKind kind, CancellationToken cancellation) => MongoConnection.AskAsync<Job?>(async () =>
    {
        return await mongo.Jobs.Find(Unfinished & Builders<Job>.Filter.Where(job => job.RoomId == room && job.Kind == kind)).SortBy(job => job.CreatedAt).FirstOrDefaultAsync(cancellation);
    });
}
