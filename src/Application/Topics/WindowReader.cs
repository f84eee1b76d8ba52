using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>Reads a window of a room with everything that its classification needs.</summary>
internal sealed class WindowReader(IRoomRepository rooms, IMessageRepository messages, IUserRepository users, RoomEmbeddings embeddings, IEmbeddingRepository vectors)
{
    private const int MessageBatch = 500;
    private const int EmbedBatch = 200;

    /// <param name="room">The room.</param>
    /// <param name="first">Number of the window's first message after the context.</param>
    /// <param name="last">Number of its last message.</param>
    /// <param name="inForce">The room's corrections in force.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<ReclassificationWindow> ReadAsync(RoomId room, long first, long last, IReadOnlyList<Correction> inForce, CancellationToken cancellation)
    {
        var found = new List<Message>();
        for (var after = Math.Max(0, first - 1 - ReclassificationWindow.MaxContext); after < last;)
        {
            var page = await messages.ListAsync(MessagesOfRoom.After(room, after, (int)Math.Min(MessageBatch, last - after)), cancellation);
            if (page.Count == 0)
                break;
            after = page[^1].Seq;
            found.AddRange(page.Where(message => !message.IsDeleted && message.Seq <= last));
        }

        var settled = await rooms.FindAsync(room, cancellation) is { } known ? (known.ModelFromSeq, known.ModelUpToSeq) : default;
        return new ReclassificationWindow(found, found.TakeWhile(message => message.Seq < first).Count(), Correction.Bindings(inForce))
        {
            Settled = settled,
            Embeddings = await EmbeddingsAsync(room, found, cancellation),
            ExcludedFromAi = await users.ExcludedFromAiAsync([.. found.Select(message => message.UserId).OfType<UserId>().Distinct()], cancellation),
        };
    }

    /// <summary>The messages' sentence embeddings. Those that online classification had no time for are computed now.</summary>
    private async Task<IReadOnlyDictionary<MessageId, float[]>> EmbeddingsAsync(RoomId room, List<Message> found, CancellationToken cancellation)
    {
        var (all, areComplete) = (new Dictionary<MessageId, float[]>(), true);
        foreach (var batch in found.Chunk(EmbedBatch))
        {
            var (made, isComplete) = await embeddings.MakeAsync(room, batch, cancellation);
            areComplete &= isComplete;
            foreach (var (id, embedding) in made)
                all[id] = embedding;
        }

        // Some messages have none: EmbedUnseenRooms must take up the room again.
        if (!areComplete)
            await vectors.SetSeenAsync(room, null, cancellation);
        return all;
    }
}
