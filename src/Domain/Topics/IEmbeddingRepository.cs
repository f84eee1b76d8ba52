using AIChat.Domain.Rooms;

namespace AIChat.Domain.Topics;

/// <summary>Sentence embeddings, one for each message, of the model that saw it last.</summary>
public interface IEmbeddingRepository
{
    /// <summary>Stores embeddings in place of earlier ones of the same messages, except those of messages that were edited or deleted meanwhile.</summary>
    Task SaveAsync(IReadOnlyList<MessageEmbedding> vectors, CancellationToken cancellation);

    /// <summary>The embeddings of these messages that this model made.</summary>
    Task<IReadOnlyList<MessageEmbedding>> FindAsync(RoomId room, string model, IReadOnlyCollection<long> seqs, CancellationToken cancellation);

    /// <summary>The embeddings that this model made of messages after a number, in order.</summary>
    Task<IReadOnlyList<MessageEmbedding>> AfterAsync(RoomId room, string model, long seq, int limit, CancellationToken cancellation);

    /// <summary>Removes the embedding of a message whose words are gone.</summary>
    Task RemoveAsync(RoomId room, long seq, CancellationToken cancellation);

    /// <summary>Rooms with messages that this model may not have seen.</summary>
    Task<IReadOnlyList<RoomId>> RoomsWithoutAsync(string model, CancellationToken cancellation);

    /// <summary>Notes that this model has seen all of a room, and removes the embeddings of others; null: no model has seen all.</summary>
    Task SetSeenAsync(RoomId room, string? model, CancellationToken cancellation);
}
