using System.Numerics.Tensors;
using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Topics.Search;

/// <summary>
/// The vectors of the rooms that were searched last, in memory, compared one by one: exact, and for a hundred thousand messages faster than a graph is built. New messages are added at
/// each search; where older ones may have got other vectors, all are read again after a while, and once in a long while in any case.
/// </summary>
internal sealed class SemanticIndex(IEmbeddingRepository vectors, TimeProvider time) : ISemanticIndex
{
    private const int MostMessages = 250_000;
    private const int Page = 5_000;

    /// <summary>Numbers that are held, of all rooms: 400 MB.</summary>
    private const long MostNumbers = 100_000_000;

    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(30), Old = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private readonly LinkedList<RoomMatrix> recent = [];

    public async Task<IReadOnlyList<SemanticHit>> SearchAsync(Room room, EmbeddingModel model, float[] query, int limit, CancellationToken cancellation)
    {
        var matrix = Take(room, model);
        await matrix.Turn.WaitAsync(cancellation);
        try
        {
            await ReadAsync(matrix, room, cancellation);
            return matrix.Nearest(query, limit);
        }
        finally
        {
            matrix.Turn.Release();
        }
    }

    private RoomMatrix Take(Room room, EmbeddingModel model)
    {
        lock (gate)
        {
            var known = recent.FirstOrDefault(matrix => matrix.Room == room.Id);
            if (known is not null)
                recent.Remove(known);
            if (known is null || known.Model != model || time.GetElapsedTime(known.ReadAt) > (known.Rev != room.Rev || !known.IsSeen ? Stale : Old))
                known = new RoomMatrix(room.Id, model, room.Rev, time.GetTimestamp());
            recent.AddFirst(known);
            while (recent.Count > 1 && recent.Sum(matrix => matrix.Numbers) > MostNumbers)
                recent.RemoveLast();
            return known;
        }
    }

    private async Task ReadAsync(RoomMatrix matrix, Room room, CancellationToken cancellation)
    {
        var after = Math.Max(matrix.LastSeq, room.LastSeq - MostMessages);
        if (matrix.Count == 0)
            matrix.IsSeen = !(await vectors.RoomsWithoutAsync(matrix.Model.Key, cancellation)).Contains(room.Id);
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
        /// <summary>Rows of one block: added to without copying what is there.</summary>
        private const int Block = 4_096;

        private readonly List<float[]> blocks = [];
        private readonly List<(long Seq, DateTimeOffset? EditedAt)> messages = [];

        public RoomId Room => room;

        public EmbeddingModel Model => model;

        /// <summary>The room's edits and deletions when this was read.</summary>
        public long Rev => rev;

        public long ReadAt => readAt;

        /// <summary>Whether every message had its vector when this was read.</summary>
        public bool IsSeen { get; set; }

        /// <summary>Whoever searches or adds.</summary>
        public SemaphoreSlim Turn { get; } = new(1);

        public int Count => messages.Count;

        public long LastSeq => messages.Count == 0 ? 0 : messages[^1].Seq;

        public long Numbers => (long)blocks.Count * Block * model.Dimensions;

        public void Add(MessageEmbedding vector)
        {
            if (vector.Float16.Length != 2 * model.Dimensions)
                return;
            if (messages.Count == blocks.Count * Block)
                blocks.Add(new float[Block * model.Dimensions]);
            vector.CopyTo(blocks[^1].AsSpan(messages.Count % Block * model.Dimensions, model.Dimensions));
            messages.Add((vector.Seq, vector.EditedAt));
        }

        public List<SemanticHit> Nearest(float[] query, int limit)
        {
            var best = new PriorityQueue<int, float>(limit + 1);
            for (var at = 0; at < messages.Count; at++)
            {
                var cosine = TensorPrimitives.Dot(query, blocks[at / Block].AsSpan(at % Block * model.Dimensions, model.Dimensions));
                if (best.Count < limit)
                    best.Enqueue(at, cosine);
                else
                    best.EnqueueDequeue(at, cosine);
            }

            var hits = new List<SemanticHit>(best.Count);
            while (best.TryDequeue(out var at, out var cosine))
                hits.Add(new SemanticHit(messages[at].Seq, messages[at].EditedAt, cosine));
            hits.Reverse();
            return hits;
        }
    }
}
