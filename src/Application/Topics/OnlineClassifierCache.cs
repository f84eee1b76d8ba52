using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>Keeps the online classifiers of the most recently active rooms, so that a new message does not need the room's history to be read again.</summary>
public sealed class OnlineClassifierCache(ILinkerFactory linkers, IMessageEmbedder embedder, RoomEmbeddings vectors, ITopicNamer namer, IMessageRepository messages, ITopicRepository topics, IIdGenerator ids)
{
    private const int MaxKept = 64;

    private readonly Lock _gate = new();
    private readonly LinkedList<OnlineClassifier> _recent = [];

    /// <summary>The room's classifier with everything before <paramref name="nextSeq"/> observed. For the holder of the lease only.</summary>
    public async Task<OnlineClassifier> GetAsync(Lease lease, RoomId room, long nextSeq, CancellationToken cancellation)
    {
        var kept = Take(room);
        var classifier = kept is not null && kept.IsAt(lease, nextSeq, vectors.FindModel())
            ? kept
            : await OnlineClassifier.StartAsync(lease, room, nextSeq, linkers, embedder, vectors, namer, messages, topics, ids, cancellation);
        lock (_gate)
        {
            _recent.AddFirst(classifier);
            if (_recent.Count > MaxKept)
                _recent.RemoveLast();
        }

        return classifier;
    }

    /// <summary>Drops a room's classifier after its topics changed in the store.</summary>
    public void Forget(RoomId room) => Take(room);

    private OnlineClassifier? Take(RoomId room)
    {
        lock (_gate)
        {
            var kept = _recent.FirstOrDefault(classifier => classifier.Room == room);
            if (kept is not null)
                _recent.Remove(kept);
            return kept;
        }
    }
}
