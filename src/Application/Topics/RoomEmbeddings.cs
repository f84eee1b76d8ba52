using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>Sentence vectors of a room's messages: those that are stored, and those that have to be made. Of one model at a time.</summary>
public sealed class RoomEmbeddings(ISentenceEmbedder embedder, IEmbeddingRepository vectors, IUserRepository users)
{
    private static readonly IReadOnlyDictionary<MessageId, float[]> None = new Dictionary<MessageId, float[]>();

    /// <summary>The model that makes vectors now; null: none.</summary>
    public EmbeddingModel? FindModel() => embedder.FindModel();

    /// <summary>The stored vectors of messages, as far as they are of the present model and of the words that the messages have now.</summary>
    public async Task<IReadOnlyDictionary<MessageId, float[]>> FindAsync(RoomId room, IReadOnlyList<Message> messages, CancellationToken cancellation)
    {
        if (embedder.FindModel() is not { } model || messages.Count == 0)
            return None;
        var stored = (await vectors.FindAsync(room, model.Key, [.. messages.Select(message => message.Seq)], cancellation)).ToDictionary(vector => vector.Seq);
        return messages.Where(message => stored.TryGetValue(message.Seq, out var vector) && vector.IsOf(message)).ToDictionary(message => message.Id, message => stored[message.Seq].ToFloats());
    }

    /// <summary>The vectors of messages; what is missing is made and stored. Only the messages of people who keep theirs from models elsewhere are left without, if the model is elsewhere.</summary>
    /// <returns>The vectors, and whether each message that may have one has it.</returns>
    public async Task<(IReadOnlyDictionary<MessageId, float[]> Vectors, bool AreAll)> MakeAsync(RoomId room, IReadOnlyList<Message> messages, CancellationToken cancellation)
    {
        if (embedder.FindModel() is not { } model)
            return (None, false);
        var found = await FindAsync(room, messages, cancellation);
        var missing = messages.Where(message => !message.IsDeleted && !found.ContainsKey(message.Id)).ToList();
        if (missing.Count > 0 && embedder.IsRemote)
        {
            var kept = await users.ExcludedFromAiAsync([.. missing.Select(message => message.UserId).OfType<UserId>().Distinct()], cancellation);
            missing.RemoveAll(message => message.UserId is { } author && kept.Contains(author));
        }

        if (missing.Count == 0)
            return (found, true);

        // A model that was changed meanwhile answers for itself: these are not the vectors that were looked for.
        if (await embedder.EmbedAsync([.. missing.Select(message => message.Content!)], cancellation) is not { } made || made.Model != model)
            return (found, false);
        await vectors.SaveAsync([.. missing.Zip(made.Vectors, (message, vector) => MessageEmbedding.Of(message, model, vector))], CancellationToken.None);
        var all = new Dictionary<MessageId, float[]>(found);
        foreach (var (message, vector) in missing.Zip(made.Vectors))
            all[message.Id] = vector;
        return (all, true);
    }
}
