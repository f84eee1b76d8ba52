using System.Text.Json;
using AIChat.Application.Common;
using AIChat.Domain.Jobs;
using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>
/// Classifies a room again, many messages at once: corrects links, rebuilds the themes and names every topic. Topics keep their ids by overlap, and people's
/// corrections stay. It waits for a sentence encoder that is being loaded. A second run on an unchanged room changes nothing.
/// </summary>
public sealed record ReclassifyRoom(Job Job) : IRequest<Result<Nothing>>;

/// <summary>The input of a re-classification job: the whole room, or from the first changed message on.</summary>
internal sealed record ReclassifyInput(bool Whole);

internal sealed class ReclassifyRoomHandler(RoomEmbeddings embeddings, ReclassificationRange range, ModelFiling model, WindowReassigner reassigner, ITopicRepository topics, IJobRepository jobs, TimeProvider time, EventPublisher events)
    : IRequestHandler<ReclassifyRoom, Result<Nothing>>
{
    /// <summary>After a restart the model may still be loading; without it, topics that were found with embeddings would be found anew without.</summary>
    private static readonly TimeSpan LoadTimeout = TimeSpan.FromMinutes(1);

    public async Task<Result<Nothing>> Handle(ReclassifyRoom request, CancellationToken cancellationToken)
    {
        const int size = ReclassificationWindow.Size;
        var job = request.Job;
        var room = job.RoomId;
        job.Start();
        await jobs.SaveAsync(job, cancellationToken);

        await embeddings.WaitForModelAsync(LoadTimeout, cancellationToken);
        var end = await range.EndAsync(room, cancellationToken);
        var isWhole = JsonSerializer.Deserialize<ReclassifyInput>(job.Input)!.Whole;
        var from = isWhole ? 1 : await range.FirstChangedAsync(room, cancellationToken);

        // What a language model files is settled: the windows after it find the rest, and the themes of all.
        from = Math.Min(from, await model.FileAsync(room, end.Seq, isWhole ? job.CreatedBy : null, cancellationToken) ?? from);
        var start = ((from - 1) / size * size) + 1;
        for (var first = start; first <= end.Seq; first += size)
        {
            var last = Math.Min(first + size - 1, end.Seq);
            while (!await reassigner.ReassignAsync(room, first, last, cancellationToken))
            {
                // A correction came in between: classify the window again.
            }

            job.Advance(last - start + 1, end.Seq - start + 1, null);
            await jobs.SaveAsync(job, cancellationToken);
        }

        await reassigner.RecountAsync(room, cancellationToken);
        await topics.SetReclassifiedUpToAsync(room, end, cancellationToken);
        job.Succeed(time.GetUtcNow());
        await jobs.SaveAsync(job, cancellationToken);
        await events.PublishAsync(new MessagesAssigned(room, [], SetChanged: true));
        return Nothing.Instance;
    }
}
