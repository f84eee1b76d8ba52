using AIChat.Domain.Jobs;
using AIChat.Domain.Rooms;
using Microsoft.EntityFrameworkCore;

namespace AIChat.Infrastructure.Persistence.Sqlite;

internal sealed class SqliteJobRepository(SqliteDatabase database, SqliteWriter writer) : IJobRepository
{
    public Task<Job?> FindAsync(JobId id, CancellationToken cancellation) => database.ReadAsync(async context =>
    {
        return await context.Jobs.FirstOrDefaultAsync(job => job.Id == id, cancellation);
    });

    public Task AddAsync(Job job, CancellationToken cancellation) => writer.WriteAsync(context =>
    {
        context.Add(job);
        return context.SaveChangesAsync(CancellationToken.None);
    });

    public Task SaveAsync(Job job, CancellationToken cancellation) => writer.WriteAsync(context =>
    {
        context.Update(job);
        return context.SaveChangesAsync(CancellationToken.None);
    });

    public Task<IReadOnlyList<Job>> UnfinishedAsync(CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<Job>>(async context =>
    {
        return await Unfinished(context).OrderBy(job => job.CreatedAt).ThenBy(job => job.Id).ToListAsync(cancellation);
    });

    public Task<Job?> FindUnfinishedAsync(RoomId room, JobKind kind, CancellationToken cancellation) => database.ReadAsync(async context =>
    {
        return await Unfinished(context).OrderBy(job => job.CreatedAt).FirstOrDefaultAsync(job => job.RoomId == room && job.Kind == kind, cancellation);
    });

    private static IQueryable<Job> Unfinished(AIChatDbContext context) => context.Jobs.Where(job => job.State == JobState.Queued || job.State == JobState.Running);
}
