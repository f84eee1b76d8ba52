using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;

namespace AIChat.Domain.Topics;

public interface ITopicRepository
{
    Task<IReadOnlyList<Topic>> ListAsync(ISpecification<Topic> specification, CancellationToken cancellation);

    /// <summary>
    /// Assigns messages, stores new and changed topics, and moves the counters of the conversations and of the themes above them, in one step. Nothing is written if the lease is
    /// no longer held with this epoch.
    /// </summary>
    /// <param name="lease">The lease on the room's topics.</param>
    /// <param name="assignments">At most one for each message; it may move a message elsewhere.</param>
    /// <param name="topics">Topics to store: new ones, and known ones that changed; the counters of known ones stay.</param>
    /// <param name="cancellation">Stops before the write, never within.</param>
    /// <returns>False when the lease was lost.</returns>
    Task<bool> SaveAssignmentsAsync(Lease lease, IReadOnlyList<TopicAssignment> assignments, IReadOnlyCollection<Topic> topics, CancellationToken cancellation);

    /// <summary>
    /// Stores a correction, new or undone, assigns the messages that it moves, stores topics with the given names, recounts the topics concerned and the themes above them, and
    /// removes those that are left empty; in one step. Nothing is written if the lease is no longer held.
    /// </summary>
    /// <param name="lease">The lease on the room's topics.</param>
    /// <param name="correction">The correction as it is now.</param>
    /// <param name="assignments">At most one for each message.</param>
    /// <param name="topics">Topics to store: new ones, and known ones with another name.</param>
    /// <param name="cancellation">Stops before the write, never within.</param>
    /// <returns>False when the lease was lost.</returns>
    Task<bool> CorrectAsync(Lease lease, Correction correction, IReadOnlyList<TopicAssignment> assignments, IReadOnlyCollection<Topic> topics, CancellationToken cancellation);

    /// <summary>
    /// Recounts the room's topics from the messages assigned to them and removes those that are left empty, children before parents.
    /// </summary>
    /// <returns>False when the lease was lost.</returns>
    Task<bool> RecountAsync(Lease lease, CancellationToken cancellation);

    /// <summary>Takes a deleted message out of the counts of its conversation and themes.</summary>
    Task ForgetAsync(Message deleted, CancellationToken cancellation);

    /// <summary>Takes a conversation's outcome away, under no lease: its words may be some that are no longer there.</summary>
    Task ForgetOutcomeAsync(RoomId room, TopicId conversation, CancellationToken cancellation);

    /// <summary>The participants of each topic, at any level; most messages first.</summary>
    Task<IReadOnlyDictionary<TopicId, IReadOnlyList<Participant>>> ParticipantsAsync(RoomId room, IReadOnlyCollection<Topic> topics, CancellationToken cancellation);

    /// <summary>The conversations below a topic: itself where it is one; empty when the room has no such topic.</summary>
    Task<IReadOnlyList<TopicId>> ConversationsUnderAsync(RoomId room, TopicId topic, CancellationToken cancellation);

    /// <summary>The message and the change up to which the room was last reclassified; zeros before the first time.</summary>
    Task<ReclassifiedUpTo> ReclassifiedUpToAsync(RoomId room, CancellationToken cancellation);

    Task SetReclassifiedUpToAsync(RoomId room, ReclassifiedUpTo upTo, CancellationToken cancellation);

    /// <summary>Rooms with messages or changes after their last reclassification.</summary>
    Task<IReadOnlyList<RoomId>> RoomsToReclassifyAsync(CancellationToken cancellation);
}

/// <param name="Seq">Messages up to this number were seen.</param>
/// <param name="Rev">Edits and deletions up to this one were seen.</param>
public readonly record struct ReclassifiedUpTo(long Seq, long Rev);
