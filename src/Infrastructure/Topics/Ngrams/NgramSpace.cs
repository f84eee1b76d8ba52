namespace AIChat.Infrastructure.Topics.Ngrams;

/// <summary>
/// Document frequencies of n-grams in one room, where each line is a document. Weights: (1 + ln tf) · (1 + ln((1 + n) / (1 + df))), scaled to unit length. Lines are added one
/// by one, so that a line can be weighted by the lines before it alone.
/// </summary>
internal sealed class NgramSpace
{
    /// <summary>Number of the weightiest n-grams that are kept, of a line and of several lines together; the others hardly change a similarity.</summary>
    private const int KeptOfLine = 256, KeptOfSeveral = 1024;

    /// <summary>1 + ln of small counts.</summary>
    private static readonly float[] Logarithms = [.. Enumerable.Range(0, 1024).Select(count => 1 + MathF.Log(count))];

    private readonly int[] _documentFrequencies = new int[1 << PackedNgrams.BucketBits];
    private int _documents;

    public void Add(ReadOnlySpan<byte> packed)
    {
        var reader = new PackedNgrams.Reader(packed);
        var any = false;
        while (reader.Next())
        {
            _documentFrequencies[reader.Bucket]++;
            any = true;
        }

        if (any)
            _documents++;
    }

    public NgramVector Weigh(ReadOnlySpan<byte> packed)
    {
        var entries = new List<(int Bucket, float Weight)>(packed.Length / 2);
        var reader = new PackedNgrams.Reader(packed);
        var most = OnePlusLog(1 + _documents);
        while (reader.Next())
        {
            var idf = 1 + most - OnePlusLog(1 + _documentFrequencies[reader.Bucket]);
            var weight = OnePlusLog(Math.Abs(reader.Count)) * idf;
            entries.Add((reader.Bucket, reader.Count < 0 ? -weight : weight));
        }

        return NgramVector.Unit(Weightiest(entries, KeptOfLine));
    }

    /// <summary>The unit vector of several lines together; each line has equal weight, whatever its length.</summary>
    public static NgramVector Together(IEnumerable<NgramVector> lines)
    {
        var sum = DenseNgrams.OfThread;
        foreach (var line in lines)
            sum.Add(line.Buckets, line.Weights);
        return NgramVector.Unit(Weightiest(sum.Take(), KeptOfSeveral));
    }

    private static float OnePlusLog(int count) => (uint)count < (uint)Logarithms.Length ? Logarithms[count] : 1 + MathF.Log(count);

    private static List<(int Bucket, float Weight)> Weightiest(List<(int Bucket, float Weight)> entries, int kept)
    {
        if (entries.Count <= kept)
            return entries;
        var sizes = new float[entries.Count];
        for (var i = 0; i < sizes.Length; i++)
            sizes[i] = Math.Abs(entries[i].Weight);
        Array.Sort(sizes);
        var least = sizes[^kept];
        // Of equal ones, the first are kept.
        var leastKept = sizes.AsSpan(sizes.Length - kept).Count(least);
        var weightiest = new List<(int, float)>(kept);
        foreach (var entry in entries)
        {
            if (Math.Abs(entry.Weight) > least || (Math.Abs(entry.Weight) == least && leastKept-- > 0))
                weightiest.Add(entry);
        }

        return weightiest;
    }
}
