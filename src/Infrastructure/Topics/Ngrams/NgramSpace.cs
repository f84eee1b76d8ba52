using System.Runtime.InteropServices;

namespace AIChat.Infrastructure.Topics.Ngrams;

/// <summary>
/// How much each n-gram tells in one room: counts the lines that hold it, and weighs vectors by (1 + ln tf) · (1 + ln((1 + n) / (1 + df))), unit length.
/// Grows line by line, so that whoever adds lines in order never weighs by what was said later.
/// </summary>
internal sealed class NgramSpace
{
    /// <summary>The n-grams beyond the weightiest ones of a long line, or a conversation, change no similarity that matters.</summary>
    private const int KeptOfLine = 256, KeptOfMany = 1024;

    private readonly Dictionary<int, int> _lines = [];
    private int _count;

    public void Add(ReadOnlySpan<byte> packed)
    {
        var reader = new PackedNgrams.Reader(packed);
        var any = false;
        while (reader.Next())
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_lines, reader.Bucket, out _)++;
            any = true;
        }

        if (any)
            _count++;
    }

    public NgramVector Weigh(ReadOnlySpan<byte> packed)
    {
        var entries = new List<(int Bucket, float Weight)>(packed.Length / 2);
        var reader = new PackedNgrams.Reader(packed);
        while (reader.Next())
        {
            var idf = 1 + MathF.Log((1f + _count) / (1f + _lines.GetValueOrDefault(reader.Bucket)));
            var weight = (1 + MathF.Log(Math.Abs(reader.Count))) * idf;
            entries.Add((reader.Bucket, reader.Count < 0 ? -weight : weight));
        }

        return NgramVector.Unit(Weightiest(entries, KeptOfLine));
    }

    /// <summary>The direction of several lines together; each line counts alike, however long.</summary>
    public NgramVector WeighTogether(IEnumerable<byte[]> lines)
    {
        var sum = new Dictionary<int, float>();
        foreach (var line in lines)
        {
            var (buckets, weights) = Weigh(line);
            for (var i = 0; i < buckets.Length; i++)
                CollectionsMarshal.GetValueRefOrAddDefault(sum, buckets[i], out _) += weights[i];
        }

        return NgramVector.Unit(Weightiest([.. sum.Select(entry => (entry.Key, entry.Value)).OrderBy(entry => entry.Key)], KeptOfMany));
    }

    private static List<(int Bucket, float Weight)> Weightiest(List<(int Bucket, float Weight)> entries, int kept)
    {
        if (entries.Count <= kept)
            return entries;
        return [.. entries.OrderByDescending(entry => Math.Abs(entry.Weight)).ThenBy(entry => entry.Bucket).Take(kept).OrderBy(entry => entry.Bucket)];
    }
}
