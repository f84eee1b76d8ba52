using System.Runtime.InteropServices;

namespace AIChat.Infrastructure.Topics.Ngrams;

/// <summary>
/// Document frequencies of n-grams in one room, where each line is a document. Weights: (1 + ln tf) · (1 + ln((1 + n) / (1 + df))), scaled to unit length. Lines are added one
/// by one, so that a line can be weighted by the lines before it alone.
/// </summary>
internal sealed class NgramSpace
{
    /// <summary>Number of the weightiest n-grams that are kept, of a line and of several lines together; the others hardly change a similarity.</summary>
    private const int KeptOfLine = 256, KeptOfSeveral = 1024;

    private readonly Dictionary<int, int> _documentFrequencies = [];
    private int _documents;

    public void Add(ReadOnlySpan<byte> packed)
    {
        var reader = new PackedNgrams.Reader(packed);
        var any = false;
        while (reader.Next())
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_documentFrequencies, reader.Bucket, out _)++;
            any = true;
        }

        if (any)
            _documents++;
    }

    public NgramVector Weigh(ReadOnlySpan<byte> packed)
    {
        var entries = new List<(int Bucket, float Weight)>(packed.Length / 2);
        var reader = new PackedNgrams.Reader(packed);
        while (reader.Next())
        {
            var idf = 1 + MathF.Log((1f + _documents) / (1f + _documentFrequencies.GetValueOrDefault(reader.Bucket)));
            var weight = (1 + MathF.Log(Math.Abs(reader.Count))) * idf;
            entries.Add((reader.Bucket, reader.Count < 0 ? -weight : weight));
        }

        return NgramVector.Unit(Weightiest(entries, KeptOfLine));
    }

    /// <summary>The unit vector of several lines together; each line has equal weight, whatever its length.</summary>
    public NgramVector WeighTogether(IEnumerable<byte[]> lines)
    {
        var sum = new Dictionary<int, float>();
        foreach (var line in lines)
        {
            var (buckets, weights) = Weigh(line);
            for (var i = 0; i < buckets.Length; i++)
                CollectionsMarshal.GetValueRefOrAddDefault(sum, buckets[i], out _) += weights[i];
        }

        return NgramVector.Unit(Weightiest([.. sum.Select(entry => (entry.Key, entry.Value)).OrderBy(entry => entry.Key)], KeptOfSeveral));
    }

    private static List<(int Bucket, float Weight)> Weightiest(List<(int Bucket, float Weight)> entries, int kept)
    {
        if (entries.Count <= kept)
            return entries;
        return [.. entries.OrderByDescending(entry => Math.Abs(entry.Weight)).ThenBy(entry => entry.Bucket).Take(kept).OrderBy(entry => entry.Bucket)];
    }
}
