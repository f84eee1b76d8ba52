using AIChat.Application.Common;
using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>
/// How people's corrections are made: under the room's lease, which is taken over from another node if need be, so that nothing is filed between looking and
/// writing. Whoever was filing notices that the lease is gone and begins again from what is stored.
/// </summary>
public sealed class Corrections(
    RoomLeases leases,
    OnlineClassifierCache classifiers,
    TopicRenamer names,
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
    /// <param name="by">Who corrects.</param>
    /// <param name="decide">Gets who corrects and when; refuses, or says what is to change.</param>
    /// <param name="cancellation">Stops before anything is stored, not after.</param>
    /// <returns>What was stored.</returns>
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
                var verdicts = Verdicts(change);
                moved = [.. change.Moved.Select(each => new AssignedMessage(each.Message.Id, each.To, each.Message.TopicId))];
                if (!await topics.CorrectAsync(held.Lease, change.Correction, verdicts, change.Topics, CancellationToken.None))
                    return TopicErrors.Busy;

                // From here on it is done, whoever hangs up.
                classifiers.Forget(room);
                if (moved.Count > 0 && change.Correction.UndoneAt is null)
                {
                    var concerned = change.Moved.SelectMany(each => (TopicId?[])[each.To, each.Message.TopicId]).OfType<TopicId>().Distinct();
                    await topics.SaveAssignmentsAsync(held.Lease, [], await names.FindAsync(room, concerned, CancellationToken.None), CancellationToken.None);
                }
            }
            finally
            {
                await leases.ReleaseAsync(held, CancellationToken.None);
            }
        }

        await events.PublishAsync(new MessagesAssigned(room, moved, SetChanged: true));
        return change.Correction;
    }

    /// <summary>Every message of conversations, tombstones too, oldest first; more than a correction may concern is not read.</summary>
    public Task<IReadOnlyList<Message>> MessagesOfAsync(RoomId room, IReadOnlyCollection<TopicId> conversations, CancellationToken cancellation)
        => messages.ListAsync(MessagesOfRoom.After(room, 0, Correction.MaxMessages + 1, conversations), cancellation);

    /// <summary>Conversations that must be there, and the themes above them; in the order of <paramref name="wanted"/>, themes last.</summary>
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

    /// <summary>A link may not lead out of its conversation: one that would now goes to the message before it there, or nowhere.</summary>
    private static List<TopicAssignment> Verdicts(CorrectedRoom change)
    {
        var to = change.Moved.ToDictionary(each => each.Message.Id, each => each.To);
        var topicOf = change.Messages.ToDictionary(message => message.Id, message => to.TryGetValue(message.Id, out var topic) ? topic : message.TopicId);
        var lastIn = new Dictionary<TopicId, MessageId>();
        var verdicts = new List<TopicAssignment>();
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
                verdicts.Add(new TopicAssignment(message.Id, topic, link, null));
        }

        return verdicts;
    }
}

/// <summary>What a correction changes.</summary>
/// <param name="Correction">As it is to be stored.</param>
/// <param name="Messages">Every message of the conversations concerned, oldest first.</param>
/// <param name="Moved">Those that go elsewhere; null: nowhere.</param>
/// <param name="Topics">New topics, and known ones with another name.</param>
public sealed record CorrectedRoom(Correction Correction, IReadOnlyList<Message> Messages, IReadOnlyList<(Message Message, TopicId? To)> Moved, IReadOnlyList<Topic> Topics)
{
    /// <summary>A correction that is new, and moves what it says.</summary>
    public static CorrectedRoom Of(Correction correction, IReadOnlyList<Message> messages, params IReadOnlyList<Topic> topics)
    {
        var to = Correction.Bindings([correction]);
        return new CorrectedRoom(
            correction, messages, [.. messages.Where(message => to.TryGetValue(message.Seq, out var topic) && topic != message.TopicId).Select(message => (message, (TopicId?)to[message.Seq]))], topics);
    }
}
