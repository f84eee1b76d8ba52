using AIChat.Application.Common;
using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>Embeds with an encoder that the caller loaded and disposes. For one caller at a time.</summary>
internal sealed class LoadedSentenceEmbedder(ITextEncoder encoder) : ISentenceEmbedder
{
    private readonly EmbeddingModel _model = new(encoder.Name, encoder.Revision, encoder.Dimensions);

    public bool IsRemote => false;

    public EmbeddingModel? FindModel() => _model;

    public Task<SentenceVectors?> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellation)
        => Task.Run<SentenceVectors?>(() => new SentenceVectors(_model, [.. encoder.Encode(texts, cancellation).Select(LocalSentenceEmbedder.Unit)]), cancellation);
}
