using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>Keeps the followers of the rooms that were busy last, so that a live message does not begin with reading the room's past again.</summary>
public sealed class OnlineClassifierCache(ILinkerFactory linkers, IMessageEmbedder embedder, RoomEmbeddings vectors, ITopicNamer namer, IMessageRepository messages, ITopicRepository topics, IIdGenerator ids)
{
    private const int MaxKept = 64;

    private readonly Lock gate = new();
    private readonly LinkedList<OnlineClassifier> recent = [];

    /// <summary>The room's follower as it stands just before <paramref name="nextSeq"/>, under this lease. Only for the lease's holder.</summary>
    public async Task<OnlineClassifier> GetAsync(Lease lease, RoomId room, long nextSeq, CancellationToken cancellation)
    {
        var kept = Take(room);
        var follower = kept is not null && kept.Follows(lease, nextSeq, vectors.FindModel())
            ? kept
            : await OnlineClassifier.StartAsync(lease, room, nextSeq, linkers, embedder, vectors, namer, messages, topics, ids, cancellation);
        lock (gate)
        {
            recent.AddFirst(follower);
            if (recent.Count > MaxKept)
                recent.RemoveLast();
        }

        return follower;
    }

    /// <summary>Forgets what was known of a room: its messages were filed anew.</summary>
    public void Forget(RoomId room) => Take(room);

    private OnlineClassifier? Take(RoomId room)
    {
        lock (gate)
        {
            var kept = recent.FirstOrDefault(follower => follower.Room == room);
            if (kept is not null)
                recent.Remove(kept);
            return kept;
        }
    }
}
