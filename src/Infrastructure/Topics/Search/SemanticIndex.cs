using System.Numerics.Tensors;
using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Topics.Search;

/// <summary>
/// Exact nearest-neighbour search over the embeddings of the rooms searched last, held in memory; for a hundred thousand messages this is faster than building a graph.
/// Each search adds new messages. A room is read again where edits may have changed older embeddings, and after a while in any case.
/// </summary>
internal sealed class SemanticIndex(IEmbeddingRepository vectors, TimeProvider time) : ISemanticIndex
{
    private const int MaxMessages = 250_000;
    private const int Page = 5_000;

    /// <summary>Floats held for all rooms: 400 MB.</summary>
    private const long MaxFloats = 100_000_000;

    /// <summary>Greatest age of a room in memory: where older embeddings may have changed, and otherwise.</summary>
    private static readonly TimeSpan MaxAgeOfChanged = TimeSpan.FromSeconds(30), MaxAge = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly LinkedList<RoomMatrix> _recent = [];

    public async Task<IReadOnlyList<SemanticHit>> SearchAsync(Room room, EmbeddingModel model, float[] query, int limit, CancellationToken cancellation)
    {
        var matrix = GetMatrix(room, model);
        await matrix.Lock.WaitAsync(cancellation);
        try
        {
            await ReadAsync(matrix, room, cancellation);
            return matrix.Nearest(query, limit);
        }
        finally
        {
            matrix.Lock.Release();
        }
    }

    private RoomMatrix GetMatrix(Room room, EmbeddingModel model)
    {
        lock (_gate)
        {
            var known = _recent.FirstOrDefault(matrix => matrix.Room == room.Id);
            if (known is not null)
                _recent.Remove(known);
            if (known is null || known.Model != model || time.GetElapsedTime(known.ReadAt) > (known.Rev != room.Rev || !known.IsComplete ? MaxAgeOfChanged : MaxAge))
                known = new RoomMatrix(room.Id, model, room.Rev, time.GetTimestamp());
            _recent.AddFirst(known);
            while (_recent.Count > 1 && _recent.Sum(matrix => matrix.Floats) > MaxFloats)
                _recent.RemoveLast();
            return known;
        }
    }

    private async Task ReadAsync(RoomMatrix matrix, Room room, CancellationToken cancellation)
    {
        var after = Math.Max(matrix.LastSeq, room.LastSeq - MaxMessages);
        if (matrix.Count == 0)
            matrix.IsComplete = !(await vectors.RoomsWithoutAsync(matrix.Model.Key, cancellation)).Contains(room.Id);
        while (after < room.LastSeq)
        {
            var page = await vectors.AfterAsync(room.Id, matrix.Model.Key, after, Page, cancellation);
            foreach (var vector in page)
                matrix.Add(vector);
            if (page.Count < Page)
                return;
            after = page[^1].Seq;
        }
    }

    private sealed class RoomMatrix(RoomId room, EmbeddingModel model, long rev, long readAt)
    {
        /// <summary>Rows of one block; blocks let the matrix grow without a copy.</summary>
        private const int Block = 4_096;

        private readonly List<float[]> _blocks = [];
        private readonly List<(long Seq, DateTimeOffset? EditedAt)> _messages = [];

        public RoomId Room => room;

        public EmbeddingModel Model => model;

        /// <summary>The room's revision (edits and deletions) at the time of reading.</summary>
        public long Rev => rev;

        public long ReadAt => readAt;

        /// <summary>Whether every message had its embedding at the time of reading.</summary>
        public bool IsComplete { get; set; }

        /// <summary>Held while the matrix is searched or added to.</summary>
        public SemaphoreSlim Lock { get; } = new(1);

        public int Count => _messages.Count;

        public long LastSeq => _messages.Count == 0 ? 0 : _messages[^1].Seq;

        public long Floats => (long)_blocks.Count * Block * model.Dimensions;

        public void Add(MessageEmbedding vector)
        {
            if (vector.Float16.Length != 2 * model.Dimensions)
                return;
            if (_messages.Count == _blocks.Count * Block)
                _blocks.Add(new float[Block * model.Dimensions]);
            vector.CopyTo(_blocks[^1].AsSpan(_messages.Count % Block * model.Dimensions, model.Dimensions));
            _messages.Add((vector.Seq, vector.EditedAt));
        }

        public List<SemanticHit> Nearest(float[] query, int limit)
        {
            var best = new PriorityQueue<int, float>(limit + 1);
            for (var at = 0; at < _messages.Count; at++)
            {
                var cosine = TensorPrimitives.Dot(query, _blocks[at / Block].AsSpan(at % Block * model.Dimensions, model.Dimensions));
                if (best.Count < limit)
                    best.Enqueue(at, cosine);
                else
                    best.EnqueueDequeue(at, cosine);
            }

            var hits = new List<SemanticHit>(best.Count);
            while (best.TryDequeue(out var at, out var cosine))
                hits.Add(new SemanticHit(_messages[at].Seq, _messages[at].EditedAt, cosine));
            hits.Reverse();
            return hits;
        }
    }
}
