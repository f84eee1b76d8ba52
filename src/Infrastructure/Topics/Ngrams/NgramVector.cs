namespace AIChat.Infrastructure.Topics.Ngrams;

/// <summary>A sparse unit vector; empty for a text without n-grams.</summary>
/// <param name="Buckets">[k], ascending.</param>
/// <param name="Weights">[k].</param>
internal sealed record NgramVector(int[] Buckets, float[] Weights)
{
    public static NgramVector Unit(List<(int Bucket, float Weight)> entries)
    {
        var buckets = new int[entries.Count];
        var weights = new float[entries.Count];
        var square = 0f;
        foreach (var (_, weight) in entries)
            square += weight * weight;
        var length = MathF.Sqrt(square);
        for (var i = 0; i < buckets.Length; i++)
            (buckets[i], weights[i]) = (entries[i].Bucket, entries[i].Weight / length);
        return new NgramVector(buckets, weights);
    }

    /// <summary>Cosine similarity to each of the others.</summary>
    public void Compare(IReadOnlyList<NgramVector> others, Span<float> cosines)
    {
        // One vector is made dense, so that each of the others costs one lookup for each n-gram and no merge.
        var dense = DenseNgrams.OfThread;
        dense.Add(Buckets, Weights);
        for (var other = 0; other < others.Count; other++)
            cosines[other] = dense.Dot(others[other].Buckets, others[other].Weights);
        dense.Remove(Buckets);
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
}
