using System.Numerics.Tensors;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// Normalises sentence embeddings within one room, line by line. With some encoders any two texts are similar (e5: cosines of 0.75 to 0.95); therefore an embedding is
/// taken relative to the mean of the earlier ones, and a cosine in standard deviations from the mean between lines that lie apart. All embeddings are of one model; a
/// change of length starts anew.
/// </summary>
internal sealed class EmbeddingNormalizer
{
    /// <summary>Weight of the prior mean, the zero vector, in lines.</summary>
    private const int PriorLines = 8;

    /// <summary>Weight of the prior mean and deviation of cosines, in pairs.</summary>
    private const int PriorPairs = 30;

    private const double PriorDeviation = 0.15;

    /// <summary>Window of the running mean and variance, in pairs.</summary>
    private const int Window = 2_000;

    private float[] _sum = [];
    private int _lines;
    private double _mean;
    private double _variance;
    private int _pairs;

    /// <summary>The embedding relative to the room's mean so far, at unit length; null where there is none.</summary>
    public float[]? Relative(float[]? embedding)
    {
        if (embedding is null)
            return null;
        if (embedding.Length != _sum.Length)
            return embedding;
        var relative = new float[embedding.Length];
        TensorPrimitives.MultiplyAdd(_sum, -1f / (_lines + PriorLines), embedding, relative);
        var length = TensorPrimitives.Norm(relative);
        if (length < 1e-6f)
            return null;
        TensorPrimitives.Divide(relative, length, relative);
        return relative;
    }

    public void Add(float[]? embedding)
    {
        if (embedding is null)
            return;
        if (embedding.Length != _sum.Length)
            Restart(embedding.Length);
        TensorPrimitives.Add(_sum, embedding, _sum);
        _lines++;
    }

    /// <summary>Adds the cosine of two lines that lie apart.</summary>
    public void AddPair(float cosine)
    {
        var share = 1.0 / Math.Min(Window, ++_pairs + PriorPairs);
        var difference = cosine - _mean;
        _mean += share * difference;
        _variance += share * ((difference * difference) - _variance);
    }

    /// <summary>z-score of the cosine of two relative embeddings, divided by 3; 0 where one of them is missing or of another length.</summary>
    public float Similarity(float[]? one, float[]? other)
        => one is null || other is null || one.Length != other.Length ? 0 : (float)((TensorPrimitives.Dot(one, other) - _mean) / (Math.Sqrt(_variance) + 0.02) / 3);

    private void Restart(int dimensions)
    {
        (_sum, _lines) = (new float[dimensions], 0);
        (_mean, _variance, _pairs) = (0, PriorDeviation * PriorDeviation, 0);
    }
}
