using System.Numerics.Tensors;
using AIChat.Infrastructure.Topics.Ngrams;

namespace AIChat.Infrastructure.Topics.Themes;

/// <summary>
/// Direction vectors of groups of lines: their n-grams projected to a fixed width and, beside them, the sum of their sentence embeddings where most lines have one. Both
/// parts are centred on the mean of all groups and have equal weight, whatever the usual cosines of an encoder are.
/// </summary>
internal sealed class CentredVectorSpace
{
    /// <summary>Dimensions of the n-gram part; a power of two.</summary>
    private const int NgramWidth = 1024;

    /// <summary>Share of the embedding part in the similarity.</summary>
    private const double EmbeddingShare = 0.5;

    /// <summary>Squared length of the mean of unit vectors above which they nearly coincide.</summary>
    private const double Coincident = 0.9;

    private readonly NgramSpace _space;

    // By profile: a line takes part in several groups.
    private readonly Dictionary<byte[], NgramVector> _weighed = [];
    private readonly int _embeddingWidth;

    /// <param name="space">Weights of the n-grams; they no longer change.</param>
    /// <param name="lines">All lines of all groups.</param>
    public CentredVectorSpace(NgramSpace space, IEnumerable<ThemeLine> lines)
    {
        _space = space;
        var (count, withEmbedding) = (0, 0);
        foreach (var line in lines)
        {
            count++;
            if (line.Embedding is null)
                continue;
            withEmbedding++;
            _embeddingWidth = line.Embedding.Length;
        }

        if (2 * withEmbedding <= count)
            _embeddingWidth = 0;
    }

    /// <summary>Dimensions of a direction vector.</summary>
    public int Width => NgramWidth + _embeddingWidth;

    /// <summary>[groups, <see cref="Width"/>], row by row.</summary>
    public float[] Dense(IEnumerable<IReadOnlyList<ThemeLine>> groups)
    {
        var all = groups.ToList();
        var dense = new float[all.Count * Width];
        for (var i = 0; i < all.Count; i++)
        {
            NgramSpace.Together(all[i].Select(Weighed)).AddTo(dense.AsSpan(i * Width, NgramWidth));
            var embedding = dense.AsSpan((i * Width) + NgramWidth, _embeddingWidth);
            foreach (var line in all[i].Where(line => line.Embedding?.Length == _embeddingWidth && _embeddingWidth > 0))
                TensorPrimitives.Add(embedding, line.Embedding, embedding);
            Scale(embedding, 1);
        }

        return dense;
    }

    private NgramVector Weighed(ThemeLine line)
    {
        if (!_weighed.TryGetValue(line.NgramProfile, out var vector))
            _weighed[line.NgramProfile] = vector = _space.Weigh(line.NgramProfile);
        return vector;
    }

    /// <summary>The mean row. It is subtracted because the longer a group is, the closer it lies to the mean.</summary>
    /// <param name="dense">[groups, <see cref="Width"/>].</param>
    /// <param name="ofNgrams">Whether the n-gram part is centred too; otherwise its mean is taken as 0.</param>
    public float[] Centre(float[] dense, bool ofNgrams = true)
    {
        var centre = new float[Width];
        var withEmbedding = 0;
        for (var from = 0; from < dense.Length; from += Width)
        {
            TensorPrimitives.Add(centre, dense.AsSpan(from, Width), centre);
            withEmbedding += HasEmbedding(dense.AsSpan(from, Width)) ? 1 : 0;
        }

        var ngrams = centre.AsSpan(0, NgramWidth);
        var embeddings = centre.AsSpan(NgramWidth);
        TensorPrimitives.Multiply(ngrams, ofNgrams ? (float)Width / dense.Length : 0, ngrams);
        TensorPrimitives.Multiply(embeddings, 1f / Math.Max(1, withEmbedding), embeddings);
        return centre;
    }

    /// <summary>Whether the groups have nearly the same n-grams.</summary>
    public static bool AreCoincident(float[] centre) => TensorPrimitives.SumOfSquares<float>(centre.AsSpan(0, NgramWidth)) > Coincident;

    /// <summary>Makes each row a unit vector relative to the centre, in place. A row equal to the centre becomes 0; without embeddings a row has its n-gram part alone.</summary>
    public void Direct(float[] dense, float[] centre)
    {
        for (var from = 0; from < dense.Length; from += Width)
        {
            var row = dense.AsSpan(from, Width);
            var share = HasEmbedding(row) ? EmbeddingShare : 0;
            TensorPrimitives.Subtract(row, centre, row);
            Scale(row[..NgramWidth], Math.Sqrt(1 - share));
            Scale(row[NgramWidth..], Math.Sqrt(share));
        }
    }

    private static bool HasEmbedding(ReadOnlySpan<float> row) => row[NgramWidth..].IndexOfAnyExcept(0f) >= 0;

    private static void Scale(Span<float> part, double length)
    {
        var square = TensorPrimitives.SumOfSquares<float>(part);
        TensorPrimitives.Multiply(part, square > 1e-9f ? (float)(length / Math.Sqrt(square)) : 0, part);
    }
}
