using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;

namespace AIChat.Domain.Topics;

public interface ITopicRepository
{
    Task<IReadOnlyList<Topic>> ListAsync(ISpecification<Topic> specification, CancellationToken cancellation);

    /// <summary>
    /// Files messages, stores new and changed topics, and moves the counters of all topics concerned (the conversation's, its parent's and that one's parent's),
    /// in one step. Nothing is written if the lease is no longer held with this epoch.
    /// </summary>
    /// <param name="lease">The right to do so.</param>
    /// <param name="verdicts">At most one for a message; one may file a message elsewhere than before.</param>
    /// <param name="topics">Topics to store: new ones, and known ones whose name, keywords or parent changed.</param>
    /// <param name="cancellation">Stops before the write, never within.</param>
    /// <returns>False when the lease was lost.</returns>
    Task<bool> SaveAssignmentsAsync(Lease lease, IReadOnlyList<TopicAssignment> verdicts, IReadOnlyCollection<Topic> topics, CancellationToken cancellation);

    /// <summary>
    /// Stores a correction, new or taken back, files what it moves, stores topics with the names that they are handed in with, counts the topics of its filings and the
    /// themes above them anew, and removes those that are left with nothing; in one step. Nothing is written if the lease is no longer held.
    /// </summary>
    /// <param name="lease">The right to do so.</param>
    /// <param name="correction">As it stands now.</param>
    /// <param name="verdicts">At most one for a message.</param>
    /// <param name="topics">Topics to store: new ones, and known ones with another name.</param>
    /// <param name="cancellation">Stops before the write, never within.</param>
    /// <returns>False when the lease was lost.</returns>
    Task<bool> CorrectAsync(Lease lease, Correction correction, IReadOnlyList<TopicAssignment> verdicts, IReadOnlyCollection<Topic> topics, CancellationToken cancellation);

    /// <summary>
    /// Counts the room's topics anew from what is filed under them and removes those that are left with nothing, children before parents.
    /// </summary>
    /// <returns>False when the lease was lost.</returns>
    Task<bool> RecountAsync(Lease lease, CancellationToken cancellation);

    /// <summary>Takes a deleted message out of its conversation's and themes' counts.</summary>
    Task ForgetAsync(Message deleted, CancellationToken cancellation);

    /// <summary>Who took part in each topic, any level, most messages first.</summary>
    Task<IReadOnlyDictionary<TopicId, IReadOnlyList<Participant>>> ParticipantsAsync(RoomId room, IReadOnlyCollection<Topic> topics, CancellationToken cancellation);

    /// <summary>The conversations below a topic: itself where it is one; empty when the room has no such topic.</summary>
    Task<IReadOnlyList<TopicId>> ConversationsUnderAsync(RoomId room, TopicId topic, CancellationToken cancellation);

    /// <summary>Up to which message and change the room was last re-classified; zeros before the first time.</summary>
    Task<ReclassifiedUpTo> ReclassifiedUpToAsync(RoomId room, CancellationToken cancellation);

    Task SetReclassifiedUpToAsync(RoomId room, ReclassifiedUpTo upTo, CancellationToken cancellation);

    /// <summary>Rooms with messages or changes that came after their last re-classification.</summary>
    Task<IReadOnlyList<RoomId>> RoomsToReclassifyAsync(CancellationToken cancellation);
}

/// <param name="Seq">Messages up to this number were seen.</param>
/// <param name="Rev">Edits and deletions up to this one were seen.</param>
public readonly record struct ReclassifiedUpTo(long Seq, long Rev);
