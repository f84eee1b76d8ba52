using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>Stands for no sentence encoder; lines are compared by n-grams alone.</summary>
internal sealed class NoSentenceEmbedder : ISentenceEmbedder
{
    public EmbeddingModel? FindModel() => null;

    public bool IsRemote => false;

    public Task<SentenceVectors?> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellation) => Task.FromResult<SentenceVectors?>(null);
}
