using AIChat.Infrastructure.Topics.Linking;

namespace AIChat.Infrastructure.Topics.Turns;

/// <summary>
/// Similarities of all pairs of a conversation's lines, in standard deviations from their mean; a pair that cannot be compared has the mean. The mean of any rectangle of pairs costs four
/// look-ups in a table of sums.
/// </summary>
internal sealed class LineSimilarities
{
    public const int Count = (int)BlockFeature.Deviation + 1;

    private const int WholeTalk = 60, Nearby = 6;

    private readonly int _count;
    private readonly double[] _sums;
    private readonly float _deviation;

    /// <param name="count">Number of lines.</param>
    /// <param name="cosines">[count, count]; only pairs whose second line is the earlier one are read; NaN: cannot be compared. Overwritten.</param>
    public LineSimilarities(int count, float[] cosines)
    {
        _count = count;
        var (pairs, sum, squares) = (0, 0.0, 0.0);
        for (var i = 0; i < count; i++)
        {
            foreach (var cosine in cosines.AsSpan(i * count, i))
            {
                if (float.IsNaN(cosine))
                    continue;
                pairs++;
                sum += cosine;
                squares += cosine * (double)cosine;
            }
        }

        var mean = sum / Math.Max(1, pairs);
        _deviation = (float)Math.Sqrt(Math.Max(0, (squares / Math.Max(1, pairs)) - (mean * mean)));
        _sums = new double[(count + 1) * (count + 1)];
        for (var i = 0; i < count; i++)
        {
            var row = 0.0;
            for (var j = 0; j < count; j++)
            {
                var cosine = cosines[(Math.Max(i, j) * count) + Math.Min(i, j)];
                row += i == j || float.IsNaN(cosine) ? 0 : (cosine - mean) / (_deviation + 0.02);
                _sums[((i + 1) * (count + 1)) + j + 1] = _sums[(i * (count + 1)) + j + 1] + row;
            }
        }
    }

    /// <param name="rows">[count − 1, width]: the features of each gap.</param>
    /// <param name="width">Length of a row.</param>
    /// <param name="from">Where in a row these features begin.</param>
    public void Fill(Span<float> rows, int width, int from)
    {
        Span<BlockFeature> contrasts = [BlockFeature.Contrast4, BlockFeature.Contrast8, BlockFeature.Contrast12, BlockFeature.ContrastAll];
        Span<BlockFeature> standings = [BlockFeature.Standing4, BlockFeature.Standing8, BlockFeature.Standing12, BlockFeature.StandingAll];
        for (var gap = 1; gap < _count; gap++)
        {
            var row = new FeatureRow<BlockFeature>(rows.Slice(((gap - 1) * width) + from, Count));
            row[BlockFeature.Across1] = Scaled(Across(gap, 1));
            row[BlockFeature.Across2] = Scaled(Across(gap, 2));
            row[BlockFeature.Across4] = Scaled(Across(gap, 4));
            row[BlockFeature.Across8] = Scaled(Across(gap, 8));
            row[BlockFeature.Contrast2] = Scaled(Contrast(gap, 2));
            row[BlockFeature.Contrast4] = Scaled(Contrast(gap, 4));
            row[BlockFeature.Contrast8] = Scaled(Contrast(gap, 8));
            row[BlockFeature.Contrast12] = Scaled(Contrast(gap, 12));
            row[BlockFeature.ContrastAll] = Scaled(Contrast(gap, WholeTalk));
            row[BlockFeature.Rise2] = Scaled(Contrast(gap, 2) - Contrast(gap - 1, 2));
            row[BlockFeature.Fall2] = Scaled(Contrast(gap, 2) - Contrast(gap + 1, 2));
            row[BlockFeature.Rise8] = Scaled(Contrast(gap, 8) - Contrast(gap - 1, 8));
            row[BlockFeature.Fall8] = Scaled(Contrast(gap, 8) - Contrast(gap + 1, 8));
            row[BlockFeature.LineToSecond] = Scaled(Pair(gap, gap - 2));
            row[BlockFeature.LineToClosest] = Scaled(Closest(gap, gap));
            row[BlockFeature.LineToNext] = Scaled(Pair(gap + 1, gap));
            row[BlockFeature.NextToClosest] = Scaled(Closest(gap + 1, gap));
            row[BlockFeature.PreviousToSecond] = Scaled(Pair(gap - 1, gap - 2));
            row[BlockFeature.LineToFollowing] = Scaled(Mean(gap, gap + 1, gap + 1, gap + 5));
            row[BlockFeature.Deviation] = _deviation;
        }

        for (var i = 0; i < contrasts.Length; i++)
            Standardise(rows, width, from + (int)contrasts[i], from + (int)standings[i]);
    }

    private void Standardise(Span<float> rows, int width, int source, int target)
    {
        var (sum, squares) = (0.0, 0.0);
        for (var gap = 0; gap < _count - 1; gap++)
        {
            var value = rows[(gap * width) + source];
            sum += value;
            squares += value * (double)value;
        }

        var mean = sum / (_count - 1);
        var deviation = Math.Sqrt(Math.Max(0, (squares / (_count - 1)) - (mean * mean))) + 0.05;
        for (var gap = 0; gap < _count - 1; gap++)
            rows[(gap * width) + target] = (float)((rows[(gap * width) + source] - mean) / deviation / 3);
    }

    private static float Scaled(double deviations) => (float)Math.Clamp(deviations / 2, -2, 2);

    private double Across(int gap, int lines) => Mean(gap - lines, gap, gap, gap + lines);

    private double Contrast(int gap, int lines)
    {
        var (from, to) = (Math.Max(0, gap - lines), Math.Min(_count, gap + lines));
        var (before, after) = (Math.Max(0, gap - from), Math.Max(0, to - gap));
        double pairs = (before * (before - 1)) + (after * (after - 1));
        return pairs > 0 && before > 0 && after > 0 ? ((Sum(from, gap, from, gap) + Sum(gap, to, gap, to)) / pairs) - Mean(from, gap, gap, to) : 0;
    }

    private double Closest(int line, int gap)
    {
        var closest = -2.0;
        for (var other = Math.Max(0, gap - Nearby); other < gap; other++)
            closest = Math.Max(closest, Pair(line, other));
        return closest;
    }

    private double Pair(int one, int other) => Mean(one, one + 1, other, other + 1);

    /// <summary>Mean over the pairs of a line of [from, to) and one of [otherFrom, otherTo); 0 where there are none.</summary>
    private double Mean(int from, int to, int otherFrom, int otherTo)
    {
        (from, to, otherFrom, otherTo) = (Math.Max(0, from), Math.Min(_count, to), Math.Max(0, otherFrom), Math.Min(_count, otherTo));
        return to > from && otherTo > otherFrom ? Sum(from, to, otherFrom, otherTo) / ((to - from) * (double)(otherTo - otherFrom)) : 0;
    }

    private double Sum(int from, int to, int otherFrom, int otherTo)
    {
        var width = _count + 1;
        return _sums[(to * width) + otherTo] - _sums[(from * width) + otherTo] - _sums[(to * width) + otherFrom] + _sums[(from * width) + otherFrom];
    }
}
