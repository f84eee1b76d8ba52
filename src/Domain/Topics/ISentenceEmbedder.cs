namespace AIChat.Domain.Topics;

/// <summary>Turns texts into vectors of what they mean, by the model that answers now. Which one that is may change while the server runs.</summary>
public interface ISentenceEmbedder
{
    /// <summary>The model that answers; null: none, or none yet. While a remote model is unknown, the call starts a request for it in the background.</summary>
    EmbeddingModel? FindModel();

    /// <summary>
    /// Waits for a model that is being loaded, and then is <see cref="FindModel"/>. It does not wait for one that is fetched first, could not be loaded, or answers elsewhere:
    /// that may take long.
    /// </summary>
    /// <param name="limit">The longest wait.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<EmbeddingModel?> WaitForModelAsync(TimeSpan limit, CancellationToken cancellation) => Task.FromResult(FindModel());

    /// <summary>Whether texts leave this machine for it; then none may be handed in whose author keeps them from models elsewhere.</summary>
    bool IsRemote { get; }

    /// <summary>One vector for each text, in their order; null: it cannot answer now, and says why in the log.</summary>
    Task<SentenceVectors?> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellation);
}

/// <summary>A model as vectors know it: those of two models are never compared.</summary>
/// <param name="Name">Its name at the hub or the server, or its folder's.</param>
/// <param name="Revision">Its commit; what tells its weights apart where it has none.</param>
/// <param name="Dimensions">Of its vectors.</param>
public sealed record EmbeddingModel(string Name, string Revision, int Dimensions)
{
    /// <summary>Its name, revision and dimensions as stored with each vector.</summary>
    public string Key => FormattableString.Invariant($"{Name}@{Revision}/{Dimensions}");
}

/// <param name="Model">Which made them.</param>
/// <param name="Vectors">At unit length.</param>
public sealed record SentenceVectors(EmbeddingModel Model, IReadOnlyList<float[]> Vectors);
