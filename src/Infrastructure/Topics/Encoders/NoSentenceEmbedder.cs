using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>No sentence encoder: lines are compared by their words alone.</summary>
internal sealed class NoSentenceEmbedder : ISentenceEmbedder
{
    public EmbeddingModel? Model => null;

    public bool IsRemote => false;

    public Task<SentenceVectors?> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellation) => Task.FromResult<SentenceVectors?>(null);
}
