using AIChat.Domain.Rooms;

namespace AIChat.Domain.Topics;

/// <summary>Finds the messages of a room whose embeddings are most similar to a query's.</summary>
public interface ISemanticIndex
{
    /// <summary>The most similar messages, best first, by cosine similarity over the model's embeddings of the room's newest 250,000 messages. Messages that were edited or deleted since may be among them.</summary>
    /// <param name="room">The room as stored.</param>
    /// <param name="model">The model of the embeddings.</param>
    /// <param name="query">The query's embedding, of unit length.</param>
    /// <param name="limit">The most hits.</param>
    /// <param name="cancellation">Stops the search.</param>
    Task<IReadOnlyList<SemanticHit>> SearchAsync(Room room, EmbeddingModel model, float[] query, int limit, CancellationToken cancellation);
}

/// <param name="Seq">The message's number.</param>
/// <param name="EditedAt">Edit time of the words that were compared; null: the original ones.</param>
/// <param name="Cosine">Cosine similarity, −1 to 1.</param>
public readonly record struct SemanticHit(long Seq, DateTimeOffset? EditedAt, float Cosine);
