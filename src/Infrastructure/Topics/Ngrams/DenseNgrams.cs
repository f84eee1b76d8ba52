using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AIChat.Infrastructure.Topics.Ngrams;

/// <summary>A weight for every n-gram that there can be, nearly all 0. Each thread has one, which is empty between uses.</summary>
internal sealed class DenseNgrams
{
    [ThreadStatic]
    private static DenseNgrams? _ofThread;

    private readonly float[] _weights = new float[1 << PackedNgrams.BucketBits];

    // A bit for each n-gram, because most lookups find nothing: all bits fit the nearest cache, the weights do not.
    private readonly ulong[] _present = new ulong[1 << (PackedNgrams.BucketBits - 6)];

    private int[] _shared = [];

    private DenseNgrams()
    {
    }

    public static DenseNgrams OfThread => _ofThread ??= new DenseNgrams();

    public void Add(int[] buckets, float[] weights)
    {
        for (var i = 0; i < buckets.Length; i++)
        {
            var bucket = buckets[i];
            _weights[bucket] += weights[i];
            _present[bucket >> 6] |= 1UL << bucket;
        }
    }

    /// <summary>Makes it empty again after <see cref="Add"/> of these alone.</summary>
    public void Remove(int[] buckets)
    {
        foreach (var bucket in buckets)
            (_weights[bucket], _present[bucket >> 6]) = (0, 0);
    }

    /// <summary>The product with a sparse vector.</summary>
    public float Dot(int[] buckets, float[] weights)
    {
        if (_shared.Length < buckets.Length)
            _shared = new int[buckets.Length];
        ref var shared = ref MemoryMarshal.GetArrayDataReference(_shared);
        ref var present = ref MemoryMarshal.GetArrayDataReference(_present);
        var count = 0;
        for (var i = 0; i < buckets.Length; i++)
        {
            // Without a branch, which would be mispredicted too often.
            var bucket = buckets[i];
            Unsafe.Add(ref shared, count) = i;
            count += (int)(Unsafe.Add(ref present, bucket >> 6) >> bucket) & 1;
        }

        var sum = 0f;
        foreach (var i in _shared.AsSpan(0, count))
            sum += _weights[buckets[i]] * weights[i];
        return sum;
    }

    /// <summary>Its n-grams in ascending order; it is empty afterwards.</summary>
    public List<(int Bucket, float Weight)> Take()
    {
        var entries = new List<(int, float)>();
        for (var word = 0; word < _present.Length; word++)
        {
            for (var rest = _present[word]; rest != 0; rest &= rest - 1)
            {
                var bucket = (word << 6) + BitOperations.TrailingZeroCount(rest);
                entries.Add((bucket, _weights[bucket]));
                _weights[bucket] = 0;
            }

            _present[word] = 0;
        }

        return entries;
    }
}
