using AIChat.Domain.Rooms;

namespace AIChat.Domain.Topics;

/// <summary>Messages' sentence vectors, one for each message: that of the model which saw it last.</summary>
public interface IEmbeddingRepository
{
    /// <summary>Stores vectors of one room in place of what the messages had; not of messages whose words have changed or gone meanwhile.</summary>
    Task SaveAsync(IReadOnlyList<MessageEmbedding> vectors, CancellationToken cancellation);

    /// <summary>Those of these messages that this model made.</summary>
    Task<IReadOnlyList<MessageEmbedding>> FindAsync(RoomId room, string model, IReadOnlyCollection<long> seqs, CancellationToken cancellation);

    /// <summary>Those that this model made of messages after a number, in their order.</summary>
    Task<IReadOnlyList<MessageEmbedding>> AfterAsync(RoomId room, string model, long seq, int limit, CancellationToken cancellation);

    /// <summary>Removes the vector of a message whose words are gone.</summary>
    Task RemoveAsync(RoomId room, long seq, CancellationToken cancellation);

    /// <summary>Rooms that have messages and of which it is not known that this model has seen all.</summary>
    Task<IReadOnlyList<RoomId>> RoomsWithoutAsync(string model, CancellationToken cancellation);

    /// <summary>Notes that this model has seen all of a room, and removes what others made of it; null: that none has seen all.</summary>
    Task SetSeenAsync(RoomId room, string? model, CancellationToken cancellation);
}
