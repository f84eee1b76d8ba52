using System.Diagnostics;
using System.Numerics;

namespace AIChat.Benchmarks.Common;

/// <summary>Milliseconds.</summary>
internal sealed record Percentiles(long Count, double P50, double P95, double P99, double P999, double Max);

/// <summary>
/// Latencies in logarithmic buckets, as in HdrHistogram: microseconds, exact below 256, then 128 buckets for each doubling, so that a percentile is at most
/// 0.8 % too high. Any number of threads may record.
/// </summary>
internal sealed class LatencyHistogram
{
    const int Half = 128;
    const int HalfBits = 7;
    const long Ceiling = 1L << 40;
    readonly long[] _buckets = new long[IndexOf(Ceiling) + 1];
    long _max;

    /// <param name="ticks">A difference of two <see cref="Stopwatch"/> timestamps.</param>
    public void Record(long ticks)
    {
        var micros = Math.Clamp((long)(ticks * 1e6 / Stopwatch.Frequency), 0, Ceiling);
        Interlocked.Increment(ref _buckets[IndexOf(micros)]);
        for (var max = Volatile.Read(ref _max); micros > max;)
        {
            var seen = Interlocked.CompareExchange(ref _max, micros, max);
            if (seen == max)
                break;
            max = seen;
        }
    }

    /// <returns>Null where nothing was recorded.</returns>
    public Percentiles? Read()
    {
        var count = _buckets.Sum();
        return count == 0 ? null : new Percentiles(count, At(0.5, count), At(0.95, count), At(0.99, count), At(0.999, count), _max / 1000.0);
    }

    double At(double quantile, long count)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(quantile * count));
        long below = 0;
        for (var i = 0; i < _buckets.Length; i++)
        {
            below += _buckets[i];
            if (below >= rank)
                return Math.Min(HighestOf(i), _max) / 1000.0;
        }

        return _max / 1000.0;
    }

    static int IndexOf(long micros)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)micros | 1) - HalfBits);
        return shift * Half + (int)(micros >> shift);
    }

    static long HighestOf(int index)
    {
        var shift = Math.Max(0, index / Half - 1);
        return ((index - shift * (long)Half + 1) << shift) - 1;
    }
}
