using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>Sentence embeddings of a room's messages, read from the store or computed. All are from the current model.</summary>
public sealed class RoomEmbeddings(ISentenceEmbedder embedder, IEmbeddingRepository vectors, IUserRepository users)
{
    private static readonly IReadOnlyDictionary<MessageId, float[]> None = new Dictionary<MessageId, float[]>();

    /// <summary>The current model; null: none.</summary>
    public EmbeddingModel? FindModel() => embedder.FindModel();

    /// <inheritdoc cref="ISentenceEmbedder.WaitForModelAsync"/>
    public Task<EmbeddingModel?> WaitForModelAsync(TimeSpan limit, CancellationToken cancellation) => embedder.WaitForModelAsync(limit, cancellation);

    /// <summary>The stored embeddings of messages that are from the current model and of the messages' current words.</summary>
    public async Task<IReadOnlyDictionary<MessageId, float[]>> FindAsync(RoomId room, IReadOnlyList<Message> messages, CancellationToken cancellation)
    {
        if (embedder.FindModel() is not { } model || messages.Count == 0)
            return None;
        var stored = (await vectors.FindAsync(room, model.Key, [.. messages.Select(message => message.Seq)], cancellation)).ToDictionary(vector => vector.Seq);
        return messages.Where(message => stored.TryGetValue(message.Seq, out var vector) && vector.IsOf(message)).ToDictionary(message => message.Id, message => stored[message.Seq].ToFloats());
    }

    /// <summary>The embeddings of messages; missing ones are computed and stored. A remote model never sees messages of authors who exclude theirs.</summary>
    /// <returns>The embeddings, and whether every message that may have one has it.</returns>
    public async Task<(IReadOnlyDictionary<MessageId, float[]> Vectors, bool AreAll)> MakeAsync(RoomId room, IReadOnlyList<Message> messages, CancellationToken cancellation)
    {
        if (embedder.FindModel() is not { } model)
            return (None, false);
        var found = await FindAsync(room, messages, cancellation);
        var missing = messages.Where(message => !message.IsDeleted && !found.ContainsKey(message.Id)).ToList();
        if (missing.Count > 0 && embedder.IsRemote)
        {
            var excluded = await users.ExcludedFromAiAsync([.. missing.Select(message => message.UserId).OfType<UserId>().Distinct()], cancellation);
            missing.RemoveAll(message => message.UserId is { } author && excluded.Contains(author));
        }

        if (missing.Count == 0)
            return (found, true);

        // If the model changed meanwhile, these embeddings are from the new one and cannot complete the others.
        if (await embedder.EmbedAsync([.. missing.Select(message => Text.Composed(message.Content!))], cancellation) is not { } made || made.Model != model)
            return (found, false);
        await vectors.SaveAsync([.. missing.Zip(made.Vectors, (message, vector) => MessageEmbedding.Of(message, model, vector))], CancellationToken.None);
        var all = new Dictionary<MessageId, float[]>(found);
        foreach (var (message, vector) in missing.Zip(made.Vectors))
            all[message.Id] = vector;
        return (all, true);
    }
}
