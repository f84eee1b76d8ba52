using AIChat.Application.Rooms;
using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>
/// Undoes a correction: moved messages return to their former topics, which get their former names back. Messages that a split-off conversation gained since then
/// move along. Refused while a later correction builds on it.
/// </summary>
public sealed record UndoCorrection(RoomId Room, CorrectionId Correction, UserId By) : IRequest<Result<CorrectionView>>;

internal sealed class UndoCorrectionHandler(RoomAccess access, ITopicRepository topics, ICorrectionRepository repository, Corrections corrections)
    : IRequestHandler<UndoCorrection, Result<CorrectionView>>
{
    public async Task<Result<CorrectionView>> Handle(UndoCorrection request, CancellationToken cancellationToken)
    {
        if (!(await access.ToPostAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        var undone = await corrections.MakeAsync(
            room.Id,
            request.By,
            async entry =>
            {
                if (await repository.FindAsync(room.Id, request.Correction, cancellationToken) is not { } correction)
                    return TopicErrors.CorrectionNotFound;
                if (correction.WhyNotUndo(await repository.ListAsync(CorrectionsOfRoom.InForce(room.Id, correction.Number), cancellationToken)) is { } reason)
                    return reason;
                correction.Undo(entry.By.Id, entry.Now);
                return correction.Kind == CorrectionKind.Rename ? await NameBackAsync(correction, cancellationToken) : await MoveBackAsync(correction, cancellationToken);
            },
            cancellationToken);
        return undone.Succeeded(out var stored, out refusal) ? CorrectionView.Of(stored) : refusal;
    }

    private async Task<Result<CorrectedRoom>> NameBackAsync(Correction correction, CancellationToken cancellation)
    {
        if (await topics.ListAsync(TopicsOfRoom.WithIds(correction.RoomId, [correction.TopicId]), cancellation) is not [var topic])
            return TopicErrors.CorrectionBuiltUpon;
        topic.Restore(correction.Former[0]);
        return new CorrectedRoom(correction, [], [], [topic]);
    }

    private async Task<Result<CorrectedRoom>> MoveBackAsync(Correction correction, CancellationToken cancellation)
    {
        var messages = await corrections.MessagesOfAsync(correction.RoomId, [.. correction.Conversations()], cancellation);
        var before = correction.Moved().ToDictionary(each => each.Seq, each => each.Before);
        if (correction.Kind == CorrectionKind.Split)
        {
            var origin = correction.Former[0].TopicId;
            foreach (var message in messages.Where(message => message.TopicId == correction.TopicId))
                before[message.Seq] = origin;
        }

        var moved = messages.Where(message => before.TryGetValue(message.Seq, out var topic) && topic != message.TopicId).Select(message => (message, before[message.Seq])).ToList();
        return new CorrectedRoom(correction, messages, moved, await FormerAsync(correction, moved.Select(each => each.Item2).OfType<TopicId>(), cancellation));
    }

    /// <summary>The topics as they were: existing ones with their former names, unless a person renamed them since, and removed ones that messages return to.</summary>
    private async Task<IReadOnlyList<Topic>> FormerAsync(Correction correction, IEnumerable<TopicId> needed, CancellationToken cancellation)
    {
        var former = correction.Former.ToDictionary(topic => topic.TopicId);
        var there = (await topics.ListAsync(TopicsOfRoom.WithIds(correction.RoomId, former.Keys), cancellation)).ToDictionary(topic => topic.Id);
        var restored = there.Values.Where(topic => topic.NameSource != NameSource.User).ToList();
        foreach (var topic in restored)
            topic.Restore(former[topic.Id]);
        foreach (var id in needed.Distinct())
        {
            for (TopicId? next = id; next is { } gone && !there.ContainsKey(gone); next = former[gone].ParentId)
                restored.Add(there[gone] = Topic.Reopen(former[gone], correction.RoomId));
        }

        return restored;
    }
}
