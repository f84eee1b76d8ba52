using AIChat.Application.Jobs;
using AIChat.Domain.Jobs;
using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>Queues a job for every room that has messages without an embedding of the current model; returns the number of new jobs.</summary>
public sealed record EmbedUnseenRooms : IRequest<Result<int>>;

internal sealed class EmbedUnseenRoomsHandler(ISentenceEmbedder embedder, IEmbeddingRepository vectors, IJobRepository jobs, IJobQueue queue, IIdGenerator ids, TimeProvider time)
    : IRequestHandler<EmbedUnseenRooms, Result<int>>
{
    public async Task<Result<int>> Handle(EmbedUnseenRooms request, CancellationToken cancellationToken)
    {
        if (embedder.FindModel() is not { } model)
            return 0;
        var unseen = await vectors.RoomsWithoutAsync(model.Key, cancellationToken);
        var queued = 0;
        foreach (var room in unseen)
        {
            // A running import adds messages all the time; the room waits for its end.
            if (await jobs.FindUnfinishedAsync(room, JobKind.Embed, cancellationToken) is not null || await jobs.FindUnfinishedAsync(room, JobKind.Import, cancellationToken) is not null)
                continue;
            var job = Job.Queue(new JobId(ids.New()), JobKind.Embed, room, null, model.Key, 0, time.GetUtcNow());
            await jobs.AddAsync(job, cancellationToken);
            queue.Enqueue(job);
            queued++;
        }

        return queued;
    }
}
