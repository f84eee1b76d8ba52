using System.Numerics.Tensors;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// What sentence vectors mean in one room. Some encoders find any two texts alike (e5: cosines of 0.75 to 0.95), so a vector counts relative to the mean of those before it, and a
/// cosine in deviations from what is usual between lines of the room that lie apart. Grows line by line. Vectors are all of one model; another length begins anew.
/// </summary>
internal sealed class EmbeddingNormalizer
{
    /// <summary>Lines that are thought to have come before, without direction, so that the first real ones are not the measure of all.</summary>
    private const int ImaginedLines = 8;

    /// <summary>Pairs that are thought to have come before, and how far apart their cosines lay.</summary>
    private const int ImaginedPairs = 30;

    private const double ImaginedDeviation = 0.15;

    /// <summary>Pairs that a change of habit takes to show.</summary>
    private const int Memory = 2_000;

    private float[] _sum = [];
    private int _lines;
    private double _mean;
    private double _variance;
    private int _pairs;

    /// <summary>A line's direction relative to the room's mean so far, at unit length; null where it has none.</summary>
    public float[]? Relative(float[]? sense)
    {
        if (sense is null)
            return null;
        if (sense.Length != _sum.Length)
            return sense;
        var relative = new float[sense.Length];
        TensorPrimitives.MultiplyAdd(_sum, -1f / (_lines + ImaginedLines), sense, relative);
        var length = TensorPrimitives.Norm(relative);
        if (length < 1e-6f)
            return null;
        TensorPrimitives.Divide(relative, length, relative);
        return relative;
    }

    public void Add(float[]? sense)
    {
        if (sense is null)
            return;
        if (sense.Length != _sum.Length)
            Begin(sense.Length);
        TensorPrimitives.Add(_sum, sense, _sum);
        _lines++;
    }

    /// <summary>Learns what is usual from two lines of the room.</summary>
    public void AddPair(float cosine)
    {
        var share = 1.0 / Math.Min(Memory, ++_pairs + ImaginedPairs);
        var off = cosine - _mean;
        _mean += share * off;
        _variance += share * ((off * off) - _variance);
    }

    /// <summary>How many deviations above the usual two lines are alike, thirds thereof; 0 where one of them has no vector.</summary>
    public float Similarity(float[]? one, float[]? other)
        => one is null || other is null || one.Length != other.Length ? 0 : (float)((TensorPrimitives.Dot(one, other) - _mean) / (Math.Sqrt(_variance) + 0.02) / 3);

    private void Begin(int sides)
    {
        (_sum, _lines) = (new float[sides], 0);
        (_mean, _variance, _pairs) = (0, ImaginedDeviation * ImaginedDeviation, 0);
    }
}
