using AIChat.Application.Common;
using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>
/// Makes people's corrections under the room's lease, taken over from another node if necessary, so that nothing is classified between reading and writing. The
/// other node notices that its lease is gone and starts again from what is stored.
/// </summary>
public sealed class Corrections(
    RoomLeases leases,
    OnlineClassifierCache classifiers,
    TopicRenamer names,
    TopicOutcomes outcomes,
    ICorrectionRepository corrections,
    ITopicRepository topics,
    IMessageRepository messages,
    IUserRepository users,
    IIdGenerator ids,
    TimeProvider time,
    EventPublisher events)
{
    /// <summary>Decides on a correction and stores it.</summary>
    /// <param name="room">The room.</param>
    /// <param name="by">The user who corrects.</param>
    /// <param name="decide">Called under the lease; returns the changes, or refuses.</param>
    /// <param name="cancellation">Stops before the store, not after.</param>
    /// <returns>The stored correction.</returns>
    public async Task<Result<Correction>> MakeAsync(RoomId room, UserId by, Func<CorrectionEntry, Task<Result<CorrectedRoom>>> decide, CancellationToken cancellation)
    {
        if (await users.FindAsync(by, cancellation) is not { } person)
            return UserErrors.NotFound;
        CorrectedRoom change;
        IReadOnlyList<AssignedMessage> moved;
        using (var held = await leases.TakeAsync(room, cancellation))
        {
            try
            {
                var last = await corrections.ListAsync(CorrectionsOfRoom.Before(room, null, 1), cancellation);
                var entry = new CorrectionEntry(new CorrectionId(ids.New()), room, last is [var newest] ? newest.Number + 1 : 1, person, time.GetUtcNow());
                if (!(await decide(entry)).Succeeded(out change!, out var refusal))
                    return refusal;
                var assignments = AssignmentsOf(change);
                moved = [.. change.Moved.Select(each => new AssignedMessage(each.Message.Id, each.To, each.Message.TopicId))];
                if (!await topics.CorrectAsync(held.Lease, change.Correction, assignments, change.Topics, CancellationToken.None))
                    return TopicErrors.Busy;

                // Stored: from here on the caller's token no longer counts.
                classifiers.Forget(room);
                if (moved.Count > 0)
                    await topics.SaveAssignmentsAsync(held.Lease, [], await AnewAsync(room, change), CancellationToken.None);
            }
            finally
            {
                await leases.ReleaseAsync(held, CancellationToken.None);
            }
        }

        await events.PublishAsync(new MessagesAssigned(room, moved, SetChanged: true));
        return change.Correction;
    }

    /// <summary>All messages of conversations, deleted ones included, oldest first; one more than a correction may concern at most.</summary>
    public Task<IReadOnlyList<Message>> MessagesOfAsync(RoomId room, IReadOnlyCollection<TopicId> conversations, CancellationToken cancellation)
        => messages.ListAsync(MessagesOfRoom.After(room, 0, Correction.MaxMessages + 1, conversations), cancellation);

    /// <summary>The conversations in the order of <paramref name="wanted"/>, followed by the themes above them; refuses if one is missing or no conversation.</summary>
    public async Task<Result<IReadOnlyList<Topic>>> ConversationsAsync(RoomId room, IReadOnlyList<TopicId> wanted, CancellationToken cancellation)
    {
        var found = (await TopicTree.AboveAsync(wanted, room, topics, cancellation)).ToDictionary(topic => topic.Id);
        foreach (var id in wanted)
        {
            if (!found.TryGetValue(id, out var topic))
                return TopicErrors.NotFound;
            if (topic.Level != TopicLevel.High)
                return TopicErrors.NotConversation;
        }

        var conversations = wanted.Select(id => found[id]).ToList();
        return conversations.Concat(found.Values.Where(topic => topic.Level != TopicLevel.High)).ToList();
    }

    /// <summary>The topics that lost or gained messages, with their outcomes and, except where an undone correction has brought back their former ones, their names.</summary>
    private async Task<IReadOnlyCollection<Topic>> AnewAsync(RoomId room, CorrectedRoom change)
    {
        var concerned = change.Moved.SelectMany(each => (TopicId?[])[each.To, each.Message.TopicId]).OfType<TopicId>().ToHashSet();
        return change.Correction.UndoneAt is null
            ? await names.RenameAsync(room, concerned, CancellationToken.None)
            : await outcomes.ConcludeAsync(room, await topics.ListAsync(TopicsOfRoom.WithIds(room, concerned), CancellationToken.None), CancellationToken.None);
    }

    /// <summary>The changed topics and links. A link that would leave its conversation is replaced by one to the previous message there, or removed.</summary>
    private static List<TopicAssignment> AssignmentsOf(CorrectedRoom change)
    {
        var to = change.Moved.ToDictionary(each => each.Message.Id, each => each.To);
        var topicOf = change.Messages.ToDictionary(message => message.Id, message => to.TryGetValue(message.Id, out var topic) ? topic : message.TopicId);
        var lastIn = new Dictionary<TopicId, MessageId>();
        var assignments = new List<TopicAssignment>();
        foreach (var message in change.Messages)
        {
            var topic = topicOf[message.Id];
            MessageId? link = null;
            if (topic is { } conversation)
            {
                var stays = message.LinkTo is { } answered && topicOf.TryGetValue(answered, out var theirs) && theirs == topic;
                link = stays ? message.LinkTo : lastIn.TryGetValue(conversation, out var last) ? last : null;
                lastIn[conversation] = message.Id;
            }

            if (topic != message.TopicId || link != message.LinkTo)
                assignments.Add(new TopicAssignment(message.Id, topic, link, null));
        }

        return assignments;
    }
}

/// <summary>The changes of a correction.</summary>
/// <param name="Correction">The correction to store.</param>
/// <param name="Messages">All messages of the conversations concerned, oldest first.</param>
/// <param name="Moved">Messages with their new conversation; null: noise.</param>
/// <param name="Topics">New topics, and existing ones with another name.</param>
public sealed record CorrectedRoom(Correction Correction, IReadOnlyList<Message> Messages, IReadOnlyList<(Message Message, TopicId? To)> Moved, IReadOnlyList<Topic> Topics)
{
    /// <summary>The changes of a new correction, which moves the messages that it lists.</summary>
    public static CorrectedRoom Of(Correction correction, IReadOnlyList<Message> messages, params IReadOnlyList<Topic> topics)
    {
        var to = Correction.Bindings([correction]);
        return new CorrectedRoom(
            correction, messages, [.. messages.Where(message => to.TryGetValue(message.Seq, out var topic) && topic != message.TopicId).Select(message => (message, (TopicId?)to[message.Seq]))], topics);
    }
}
