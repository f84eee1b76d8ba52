using AIChat.Domain.Rooms;

namespace AIChat.Domain.Topics;

/// <summary>Finds the messages of a room whose vectors are most like a query's.</summary>
public interface ISemanticIndex
{
    /// <summary>The most alike, best first, by cosine similarity over all vectors of the model in the room (of its newest 250,000 messages); what was edited or deleted since may be among them.</summary>
    /// <param name="room">The room as it stands.</param>
    /// <param name="model">Whose vectors are compared.</param>
    /// <param name="query">The query's, at unit length.</param>
    /// <param name="limit">The most that are wanted.</param>
    /// <param name="cancellation">Stops the search.</param>
    Task<IReadOnlyList<SemanticHit>> SearchAsync(Room room, EmbeddingModel model, float[] query, int limit, CancellationToken cancellation);
}

/// <param name="Seq">The message's number.</param>
/// <param name="EditedAt">Which of its words were compared: those that stood since then.</param>
/// <param name="Cosine">How alike.</param>
public readonly record struct SemanticHit(long Seq, DateTimeOffset? EditedAt, float Cosine);
