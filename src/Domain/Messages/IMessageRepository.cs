using AIChat.Domain.Jobs;
using AIChat.Domain.Rooms;
using AIChat.Domain.Users;

namespace AIChat.Domain.Messages;

public interface IMessageRepository
{
    /// <summary>
    /// Gives the room's next numbers to new messages, in their order, and stores them; they are on disk when this returns. A server that dies meanwhile leaves none of them or the
    /// first ones, never a gap. A room that does not exist is <see cref="RoomErrors.NotFound"/>. If one message is given and its author used its
    /// <see cref="Message.ClientMessageId"/> before, nothing is stored and the first message with that id comes back.
    /// </summary>
    /// <returns>The stored messages, with their numbers.</returns>
    Task<Result<Appended>> AppendAsync(RoomId room, IReadOnlyList<Message> messages, CancellationToken cancellation);

    Task<Message?> FindAsync(RoomId room, MessageId id, CancellationToken cancellation);

    Task<IReadOnlyList<Message>> FindManyAsync(RoomId room, IReadOnlyCollection<MessageId> ids, CancellationToken cancellation);

    Task<IReadOnlyList<Message>> ListAsync(ISpecification<Message> specification, CancellationToken cancellation);

    /// <summary>The number of messages that a specification lists without its limit.</summary>
    Task<long> CountAsync(ISpecification<Message> specification, CancellationToken cancellation);

    /// <summary>
    /// Changes one message and notes the change under the room's next <c>rev</c>. <paramref name="change"/> gets the message as it is stored and refuses or
    /// changes it; it may be called again if another writer was faster.
    /// </summary>
    /// <returns>The changed message, or why not.</returns>
    Task<Result<Message>> ChangeAsync(RoomId room, MessageId id, Func<Message, Error?> change, CancellationToken cancellation);

    /// <summary>Messages of the room that hold every word of the query, newest first, before a number (null: before the end).</summary>
    /// <param name="room">The room.</param>
    /// <param name="foldedWords">At least one word, as <see cref="SearchTerms"/> cuts them.</param>
    /// <param name="before">Only messages with a lower number; null: all.</param>
    /// <param name="topics">Only messages of these conversations; null: of any.</param>
    /// <param name="limit">The most messages to find.</param>
    /// <param name="cancellation">Stops the search.</param>
    Task<IReadOnlyList<Message>> SearchAsync(
        RoomId room, IReadOnlyList<string> foldedWords, long? before, IReadOnlyCollection<TopicId>? topics, int limit, CancellationToken cancellation);

    /// <summary>The newest message of each room that is not deleted.</summary>
    Task<IReadOnlyDictionary<RoomId, Message>> LatestAsync(IReadOnlyCollection<RoomId> rooms, CancellationToken cancellation);

    /// <summary>For each room, the number of messages by others after a number that are not deleted.</summary>
    Task<IReadOnlyDictionary<RoomId, long>> UnreadAsync(UserId reader, IReadOnlyDictionary<RoomId, long> marks, CancellationToken cancellation);

    /// <summary>Messages edited or deleted after a <c>rev</c>, each once as it is now, in the order of their last change; and the <c>rev</c> that this reaches.</summary>
    Task<ChangedMessages> ChangedAfterAsync(RoomId room, long rev, int limit, CancellationToken cancellation);

    /// <summary>People who wrote in the room and have one of these nicknames (without regard to case).</summary>
    Task<IReadOnlyList<Mention>> WritersNamedAsync(RoomId room, IReadOnlyCollection<string> nicknames, CancellationToken cancellation);

    /// <summary>Rooms with messages that are not classified.</summary>
    Task<IReadOnlyList<RoomId>> RoomsWithWorkAsync(CancellationToken cancellation);

    /// <summary>The last line of an import that is stored; 0 when none is.</summary>
    Task<long> LastImportedLineAsync(RoomId room, JobId job, CancellationToken cancellation);
}

/// <param name="Messages">The stored messages, with numbers.</param>
/// <param name="Repeated">Whether an earlier try had stored them.</param>
public sealed record Appended(IReadOnlyList<Message> Messages, bool Repeated);

/// <param name="Messages">The changed messages as they are now.</param>
/// <param name="Rev">Every change up to this one is in <paramref name="Messages"/> or before what was asked for.</param>
public sealed record ChangedMessages(IReadOnlyList<Message> Messages, long Rev);
