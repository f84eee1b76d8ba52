using System.Globalization;
using AIChat.Application.Jobs;
using AIChat.Application.Messages;
using AIChat.Domain.Jobs;
using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>Lets the present model see all of a room, newest messages first. What has its vector already is left alone, so that doing it again costs little.</summary>
public sealed record EmbedRoom(Job Job) : IRequest<Result<Nothing>>;

/// <summary>Queues a job for every room that the present model has not seen all of.</summary>
public sealed record EmbedUnseenRooms : IRequest<Result<int>>;

internal sealed class EmbedRoomHandler(RoomEmbeddings roomVectors, IEmbeddingRepository vectors, IRoomRepository rooms, IMessageRepository messages, IJobRepository jobs, TimeProvider time)
    : IRequestHandler<EmbedRoom, Result<Nothing>>
{
    private const int Batch = 200;

    private static readonly TimeSpan UntilTheModelIsBack = TimeSpan.FromSeconds(5), UntilItIsBegunAfresh = TimeSpan.FromDays(1);

    public async Task<Result<Nothing>> Handle(EmbedRoom request, CancellationToken cancellationToken)
    {
        var job = request.Job;

        // After a start the model is still being loaded: what was begun is found again and goes on, as long as it may come.
        if (roomVectors.FindModel() is null && job.Cursor is not null && time.GetUtcNow() - job.CreatedAt < UntilItIsBegunAfresh)
            return Nothing.Instance;

        // The input names the model that it was queued for; the next one gets a job of its own.
        if (roomVectors.FindModel()?.Key != job.Input || await rooms.FindAsync(job.RoomId, cancellationToken) is not { } room)
            return await EndAsync(job);
        job.Start();
        var before = job.Cursor is null ? room.LastSeq + 1 : long.Parse(job.Cursor, CultureInfo.InvariantCulture);
        var total = job.Cursor is null ? room.LastSeq : job.Total;
        while (await messages.ListAsync(MessagesOfRoom.Before(room.Id, before, Batch), cancellationToken) is { Count: > 0 } page)
        {
            if (!await SeeAsync(job, page, cancellationToken))
                return await EndAsync(job);
            before = page[^1].Seq;
            job.Advance(Math.Clamp(total - before + 1, 0, total), total, before.ToString(CultureInfo.InvariantCulture));
            await jobs.SaveAsync(job, cancellationToken);
        }

        // What came meanwhile: an import's lines are left to this.
        for (var after = total; await messages.ListAsync(MessagesOfRoom.After(room.Id, after, Batch), cancellationToken) is { Count: > 0 } page; after = page[^1].Seq)
        {
            if (!await SeeAsync(job, page, cancellationToken))
                return await EndAsync(job);
        }

        await vectors.SetSeenAsync(room.Id, job.Input, cancellationToken);
        return await EndAsync(job);
    }

    /// <summary>Waits for a model that does not answer.</summary>
    /// <returns>False: another model is here now.</returns>
    private async Task<bool> SeeAsync(Job job, IReadOnlyList<Message> page, CancellationToken cancellation)
    {
        while (roomVectors.FindModel()?.Key == job.Input)
        {
            if ((await roomVectors.MakeAsync(job.RoomId, [.. page.Where(message => !message.IsDeleted)], cancellation)).AreAll)
                return true;
            await Task.Delay(UntilTheModelIsBack, time, cancellation);
        }

        return false;
    }

    private async Task<Result<Nothing>> EndAsync(Job job)
    {
        job.Succeed(time.GetUtcNow());
        await jobs.SaveAsync(job, CancellationToken.None);
        return Nothing.Instance;
    }
}

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
            // An import that is under way changes the room with each of its lines.
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

/// <summary>
/// A message's words are gone: so is what was made of them. Of new words the next look at the newest messages makes a vector; where it does not reach, and where lines are imported, the
/// room has to be seen again.
/// </summary>
internal sealed class VectorsFollowMessages(IEmbeddingRepository vectors, IRoomRepository rooms)
    : INotificationHandler<MessageEdited>, INotificationHandler<MessageDeleted>, INotificationHandler<MessagesImported>
{
    public async Task Handle(MessageEdited notification, CancellationToken cancellationToken)
    {
        var (room, seq) = (notification.Room, notification.Message.Seq);
        await vectors.RemoveAsync(room, seq, cancellationToken);
        if (await rooms.FindAsync(room, cancellationToken) is { } found && found.LastSeq - seq >= ReclassifyRoomHandler.WindowSize)
            await vectors.SetSeenAsync(room, null, cancellationToken);
    }

    public Task Handle(MessageDeleted notification, CancellationToken cancellationToken) => vectors.RemoveAsync(notification.Room, notification.Message.Seq, cancellationToken);

    public Task Handle(MessagesImported notification, CancellationToken cancellationToken) => vectors.SetSeenAsync(notification.Room, null, cancellationToken);
}
