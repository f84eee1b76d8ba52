using AIChat.Application.Common;
using AIChat.Application.Jobs;
using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>Classifies a window of a room again and stores what differs, under the room's lease.</summary>
internal sealed class WindowReassigner(
    WindowReader reader,
    WindowClassifier classifier,
    ICorrectionRepository corrections,
    IMessageRepository messages,
    ITopicRepository topics,
    TopicOutcomes outcomes,
    RoomLeases leases,
    OnlineClassifierCache classifiers,
    EventPublisher events)
{
    private const int SaveBatch = 100;
    private const int MaxAnnounced = 500;

    /// <summary>Changes while a language model answers; more count as one of its messages.</summary>
    private const int MostChanged = 500;

    /// <returns>False if a correction was made meanwhile: nothing was written, and the window must be classified again.</returns>
    /// <exception cref="LeaseLostException">Another node took over the room.</exception>
    public async Task<bool> ReassignAsync(RoomId room, long first, long last, CancellationToken cancellation)
    {
        var inForce = await corrections.ListAsync(CorrectionsOfRoom.InForce(room), cancellation);
        var window = await reader.ReadAsync(room, first, last, inForce, cancellation);
        if (window.Messages.Count == window.Context)
            return true;
        var reassigned = await classifier.ClassifyAsync(room, window, cancellation);
        using var held = await leases.WaitAsync(room, cancellation);
        return await StoreAsync(held, room, inForce, reassigned, cancellation);
    }

    /// <summary>Has a language model file messages.</summary>
    /// <returns>
    /// The number of the last message that it need not be asked for again: one before <paramref name="first"/> where it did not answer, or where nothing was written, because meanwhile a
    /// correction was made, or a message changed whose old words may be in a title or an outcome.
    /// </returns>
    /// <exception cref="LeaseLostException">Another node took over the room.</exception>
    public async Task<long> ReassignByModelAsync(Room room, long first, long last, CancellationToken cancellation)
    {
        var inForce = await corrections.ListAsync(CorrectionsOfRoom.InForce(room.Id), cancellation);
        var window = await reader.ReadAsync(room.Id, first, last, inForce, cancellation);
        if (window.Messages.Count == window.Context)
            return last;
        var (reassigned, upTo) = await classifier.ClassifyByModelAsync(room, window, cancellation);
        if (reassigned is null)
            return upTo;
        using var held = await leases.WaitAsync(room.Id, cancellation);
        var changed = (await messages.ChangedAfterAsync(room.Id, room.Rev, MostChanged, cancellation)).Messages;
        var isAsRead = changed.Count < MostChanged && !changed.Any(message => message.Seq >= window.Messages[0].Seq && message.Seq <= last);
        return isAsRead && await StoreAsync(held, room.Id, inForce, reassigned, cancellation) ? upTo : first - 1;
    }

    /// <summary>Counts the room's topics again and removes empty ones.</summary>
    public async Task RecountAsync(RoomId room, CancellationToken cancellation)
    {
        using var held = await leases.WaitAsync(room, cancellation);
        await topics.RecountAsync(held.Lease, cancellation);
        classifiers.Forget(room);
    }

    /// <returns>False if a correction was made since <paramref name="inForce"/> was read: nothing was written.</returns>
    private async Task<bool> StoreAsync(RoomLeaseHandle held, RoomId room, IReadOnlyList<Correction> inForce, ReassignedWindow reassigned, CancellationToken cancellation)
    {
        var current = await corrections.ListAsync(CorrectionsOfRoom.InForce(room), cancellation);
        if (!current.Select(correction => correction.Id).SequenceEqual(inForce.Select(correction => correction.Id)))
            return false;
        classifiers.Forget(room);

        // Outcomes as they are now: a message may have been edited or deleted since the window was read.
        var known = (await topics.ListAsync(TopicsOfRoom.All(room), cancellation)).ToDictionary(topic => topic.Id);
        foreach (var topic in reassigned.ChangedTopics)
        {
            topic.Conclude(known.GetValueOrDefault(topic.Id)?.Outcome);
            known[topic.Id] = topic;
        }

        var told = reassigned.Outcomes.Where(pair => known.ContainsKey(pair.Key)).ToList();
        foreach (var (id, outcome) in told)
            known[id].Conclude(outcome);

        // Topics first: an assignment refers to a stored topic.
        await SaveAsync(held, [], reassigned.ChangedTopics, cancellation);
        foreach (var batch in reassigned.ChangedAssignments.Chunk(SaveBatch))
            await SaveAsync(held, batch, [], cancellation);
        var concluded = await outcomes.ConcludeAsync(room, reassigned.Conversations.Where(known.ContainsKey).Select(id => known[id]), cancellation);
        await SaveAsync(held, [], [.. concluded.Union(told.Select(pair => known[pair.Key]))], cancellation);

        var moved = reassigned.Moved.Take(MaxAnnounced + 1).ToList();
        await events.PublishAsync(new MessagesAssigned(room, moved.Count > MaxAnnounced ? [] : moved, reassigned.ChangedTopics.Count + concluded.Count > 0));
        foreach (var drifted in reassigned.Drifted)
            await events.PublishAsync(drifted);
        return true;
    }

    private async Task SaveAsync(RoomLeaseHandle held, IReadOnlyList<TopicAssignment> assignments, IReadOnlyCollection<Topic> changed, CancellationToken cancellation)
    {
        if ((assignments.Count == 0 && changed.Count == 0) || await topics.SaveAssignmentsAsync(held.Lease, assignments, changed, cancellation))
            return;
        held.MarkLost();
        throw new LeaseLostException();
    }
}
