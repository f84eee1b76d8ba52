using System.Globalization;
using AIChat.Domain.Jobs;
using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>Embeds all messages of a room with the current model, newest first. Messages that have their embedding are skipped, so a second run costs little.</summary>
public sealed record EmbedRoom(Job Job) : IRequest<Result<Nothing>>;

internal sealed class EmbedRoomHandler(RoomEmbeddings roomVectors, IEmbeddingRepository vectors, IRoomRepository rooms, IMessageRepository messages, IJobRepository jobs, TimeProvider time)
    : IRequestHandler<EmbedRoom, Result<Nothing>>
{
    private const int Batch = 200;

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5), LoadTimeout = TimeSpan.FromDays(1);

    public async Task<Result<Nothing>> Handle(EmbedRoom request, CancellationToken cancellationToken)
    {
        var job = request.Job;

        // After a restart the model may still be loading: a job that has begun waits up to a day for it.
        if (roomVectors.FindModel() is null && job.Cursor is not null && time.GetUtcNow() - job.CreatedAt < LoadTimeout)
            return Nothing.Instance;

        // The input names the model that the job was queued for; another model gets its own job.
        if (roomVectors.FindModel()?.Key != job.Input || await rooms.FindAsync(job.RoomId, cancellationToken) is not { } room)
            return await EndAsync(job);
        job.Start();
        var before = job.Cursor is null ? room.LastSeq + 1 : long.Parse(job.Cursor, CultureInfo.InvariantCulture);
        var total = job.Cursor is null ? room.LastSeq : job.Total;
        while (await messages.ListAsync(MessagesOfRoom.Before(room.Id, before, Batch), cancellationToken) is { Count: > 0 } page)
        {
            if (!await EmbedAsync(job, page, cancellationToken))
                return await EndAsync(job);
            before = page[^1].Seq;
            job.Advance(Math.Clamp(total - before + 1, 0, total), total, before.ToString(CultureInfo.InvariantCulture));
            await jobs.SaveAsync(job, cancellationToken);
        }

        // Messages that came meanwhile: online classification does not embed imported ones.
        for (var after = total; await messages.ListAsync(MessagesOfRoom.After(room.Id, after, Batch), cancellationToken) is { Count: > 0 } page; after = page[^1].Seq)
        {
            if (!await EmbedAsync(job, page, cancellationToken))
                return await EndAsync(job);
        }

        await vectors.SetSeenAsync(room.Id, job.Input, cancellationToken);
        return await EndAsync(job);
    }

    /// <summary>Embeds a page, waiting while the model does not answer.</summary>
    /// <returns>False: another model is current now.</returns>
    private async Task<bool> EmbedAsync(Job job, IReadOnlyList<Message> page, CancellationToken cancellation)
    {
        while (roomVectors.FindModel()?.Key == job.Input)
        {
            if ((await roomVectors.MakeAsync(job.RoomId, [.. page.Where(message => !message.IsDeleted)], cancellation)).AreAll)
                return true;
            await Task.Delay(RetryPause, time, cancellation);
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
