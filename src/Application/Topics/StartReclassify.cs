using System.Text.Json;
using AIChat.Application.Jobs;
using AIChat.Application.Messages;
using AIChat.Application.Rooms;
using AIChat.Domain.Jobs;
using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>Queues a re-classification of the whole room. While such a job waits or runs, this returns it.</summary>
/// <param name="History">
/// Whether nothing that a language model filed is settled any more: where one files the room, it is asked for all of its messages. For the owner, who pays.
/// </param>
public sealed record StartReclassify(RoomId Room, UserId By, bool History) : IRequest<Result<JobStarted>>;

/// <summary>Queues a job for every room that changed since its last re-classification; returns how many rooms there are.</summary>
public sealed record ReclassifyChangedRooms : IRequest<Result<int>>;

internal sealed class ReclassificationStarter(RoomAccess access, IRoomRepository rooms, ITopicRepository topics, IJobRepository jobs, IJobQueue queue, IIdGenerator ids, TimeProvider time)
    : IRequestHandler<StartReclassify, Result<JobStarted>>, IRequestHandler<ReclassifyChangedRooms, Result<int>>, INotificationHandler<ImportFinished>
{
    public async Task<Result<JobStarted>> Handle(StartReclassify request, CancellationToken cancellationToken)
    {
        if (!(await (request.History ? access.ToOwnAsync(request.Room, request.By, cancellationToken) : access.ToPostAsync(request.Room, request.By, cancellationToken))).Succeeded(out var room, out var refusal))
            return refusal;
        if (request.History)
        {
            room.FileHistoryAnew();
            await rooms.SaveTopicsByAsync(room, cancellationToken);
        }

        return new JobStarted((await QueueAsync(room.Id, request.By, whole: true, CancellationToken.None)).Value);
    }

    public async Task<Result<int>> Handle(ReclassifyChangedRooms request, CancellationToken cancellationToken)
    {
        var changed = await topics.RoomsToReclassifyAsync(cancellationToken);
        foreach (var room in changed)
            await QueueAsync(room, null, whole: false, cancellationToken);
        return changed.Count;
    }

    public Task Handle(ImportFinished notification, CancellationToken cancellationToken) => QueueAsync(notification.Room, null, whole: false, cancellationToken);

    private async Task<JobId> QueueAsync(RoomId room, UserId? by, bool whole, CancellationToken cancellation)
    {
        if (await jobs.FindUnfinishedAsync(room, JobKind.Reclassify, cancellation) is { } waiting)
            return waiting.Id;
        var job = Job.Queue(new JobId(ids.New()), JobKind.Reclassify, room, by, JsonSerializer.Serialize(new ReclassifyInput(whole)), 0, time.GetUtcNow());
        await jobs.AddAsync(job, cancellation);
        queue.Enqueue(job);
        return job.Id;
    }
}
