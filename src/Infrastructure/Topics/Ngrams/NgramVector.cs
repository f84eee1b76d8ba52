namespace AIChat.Infrastructure.Topics.Ngrams;

/// <summary>A sparse unit vector; empty for a text without n-grams.</summary>
/// <param name="Buckets">[k], ascending.</param>
/// <param name="Weights">[k].</param>
internal sealed record NgramVector(int[] Buckets, float[] Weights)
{
    [ThreadStatic]
    private static Table? _table;

    public static NgramVector Unit(List<(int Bucket, float Weight)> entries)
    {
        var buckets = new int[entries.Count];
        var weights = new float[entries.Count];
        var square = 0f;
        foreach (var (_, weight) in entries)
            square += weight * weight;
        for (var i = 0; i < buckets.Length; i++)
            (buckets[i], weights[i]) = (entries[i].Bucket, entries[i].Weight / MathF.Sqrt(square));
        return new NgramVector(buckets, weights);
    }

    /// <summary>Cosine similarity to each of the others.</summary>
    public void Compare(IReadOnlyList<NgramVector> others, Span<float> cosines)
    {
        // One vector is made dense, so that each of the others costs one lookup for each n-gram and no merge. Most n-grams are not in both: a bit for each, all of which
        // stay in the cache, says which are worth a look at the weights.
        var table = _table ??= new Table();
        var (weightOf, present) = (table.WeightOf, table.Present);
        for (var i = 0; i < Buckets.Length; i++)
        {
            weightOf[Buckets[i]] = Weights[i];
            present[Buckets[i] >> 6] |= 1UL << Buckets[i];
        }

        for (var other = 0; other < others.Count; other++)
        {
            var (buckets, weights) = others[other];
            var shared = table.SharedOf(buckets.Length);
            var count = 0;
            for (var i = 0; i < buckets.Length; i++)
            {
                var bucket = buckets[i];
                shared[count] = i;
                count += (int)(present[bucket >> 6] >> bucket) & 1;
            }

            var sum = 0f;
            foreach (var i in shared[..count])
                sum += weightOf[buckets[i]] * weights[i];
            cosines[other] = sum;
        }

        foreach (var bucket in Buckets)
            (weightOf[bucket], present[bucket >> 6]) = (0, 0);
    }

    public float Cosine(NgramVector other)
    {
        Span<float> cosine = stackalloc float[1];
        Compare([other], cosine);
        return cosine[0];
    }

    /// <summary>Adds this vector, projected by signed hashing, to a dense vector whose length is a power of two.</summary>
    public void AddTo(Span<float> dense)
    {
        for (var i = 0; i < Buckets.Length; i++)
        {
            var hash = (uint)Buckets[i] * 0x9E3779B1u;
            dense[(int)(hash >> 8) & (dense.Length - 1)] += (hash & 0x80000000u) == 0 ? Weights[i] : -Weights[i];
        }
    }

    /// <summary>One vector made dense; all 0 between comparisons.</summary>
    private sealed class Table
    {
        private int[] _shared = [];

        public float[] WeightOf { get; } = new float[1 << PackedNgrams.BucketBits];

        /// <summary>A bit for each bucket.</summary>
        public ulong[] Present { get; } = new ulong[1 << (PackedNgrams.BucketBits - 6)];

        /// <summary>Places of n-grams that both vectors have.</summary>
        public Span<int> SharedOf(int most)
        {
            if (_shared.Length < most)
                _shared = new int[most];
            return _shared.AsSpan(0, most);
        }
    }
}
