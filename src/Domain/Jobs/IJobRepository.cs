using AIChat.Domain.Rooms;

namespace AIChat.Domain.Jobs;

public interface IJobRepository
{
    Task<Job?> FindAsync(JobId id, CancellationToken cancellation);

    Task AddAsync(Job job, CancellationToken cancellation);

    /// <summary>Stores state, progress and cursor.</summary>
    Task SaveAsync(Job job, CancellationToken cancellation);

    /// <summary>Jobs that have not ended, oldest first: what to go on with after a start.</summary>
    Task<IReadOnlyList<Job>> UnfinishedAsync(CancellationToken cancellation);

    /// <summary>A job of this kind for this room that has not ended; null: none.</summary>
    Task<Job?> FindUnfinishedAsync(RoomId room, JobKind kind, CancellationToken cancellation);
}
