using System.Numerics.Tensors;
using AIChat.Infrastructure.Topics.Ngrams;

namespace AIChat.Infrastructure.Topics.Themes;

/// <summary>
/// Directions of groups of lines: their n-grams, projected, and beside them what a sentence encoder makes of them, where most lines have that. Both are taken relative to the mean of
/// all groups, because what they all share tells nothing, and weigh alike whatever an encoder's cosines usually are.
/// </summary>
internal sealed class CentredVectorSpace
{
    /// <summary>Sides of the projected n-grams; a power of two.</summary>
    private const int Words = 1024;

    /// <summary>What a sentence encoder finds alike counts that much, and words the rest.</summary>
    private const double SenseShare = 0.5;

    /// <summary>The mean of unit vectors is this long, squared, only where they nearly coincide.</summary>
    private const double AllAlike = 0.9;

    private readonly NgramSpace space;
    private readonly int sense;

    /// <param name="space">Weighs n-grams.</param>
    /// <param name="lines">All lines there are.</param>
    public CentredVectorSpace(NgramSpace space, IEnumerable<ThemeLine> lines)
    {
        this.space = space;
        var (count, with) = (0, 0);
        foreach (var line in lines)
        {
            count++;
            if (line.Embedding is null)
                continue;
            with++;
            sense = line.Embedding.Length;
        }

        if (2 * with <= count)
            sense = 0;
    }

    /// <summary>Sides of a direction.</summary>
    public int Width => Words + sense;

    /// <summary>[groups, <see cref="Width"/>], row by row.</summary>
    public float[] Dense(IEnumerable<IReadOnlyList<ThemeLine>> groups)
    {
        var all = groups.ToList();
        var dense = new float[all.Count * Width];
        for (var i = 0; i < all.Count; i++)
        {
            space.WeighTogether(all[i].Select(line => line.NgramProfile)).AddTo(dense.AsSpan(i * Width, Words));
            var meant = dense.AsSpan((i * Width) + Words, sense);
            foreach (var line in all[i].Where(line => line.Embedding?.Length == sense && sense > 0))
                TensorPrimitives.Add(meant, line.Embedding, meant);
            Unit(meant, 1);
        }

        return dense;
    }

    /// <summary>The mean row: the longer a group, the more it sounds like all of them.</summary>
    /// <param name="dense">The rows.</param>
    /// <param name="ofWords">Whether words have a mean as well; else they count as they are.</param>
    public float[] Centre(float[] dense, bool ofWords = true)
    {
        var centre = new float[Width];
        var meaning = 0;
        for (var from = 0; from < dense.Length; from += Width)
        {
            TensorPrimitives.Add(centre, dense.AsSpan(from, Width), centre);
            meaning += HasMeaning(dense.AsSpan(from, Width)) ? 1 : 0;
        }

        var words = centre.AsSpan(0, Words);
        var meant = centre.AsSpan(Words);
        TensorPrimitives.Multiply(words, ofWords ? (float)Width / dense.Length : 0, words);
        TensorPrimitives.Multiply(meant, 1f / Math.Max(1, meaning), meant);
        return centre;
    }

    /// <summary>Whether the groups have nearly the same words.</summary>
    public static bool IsAllAlike(float[] centre) => TensorPrimitives.SumOfSquares<float>(centre.AsSpan(0, Words)) > AllAlike;

    /// <summary>Makes each row a unit vector relative to the centre; what differs in nothing from it has no direction, and a group without vectors is what its words are.</summary>
    public void Direct(float[] dense, float[] centre)
    {
        for (var from = 0; from < dense.Length; from += Width)
        {
            var row = dense.AsSpan(from, Width);
            var share = HasMeaning(row) ? SenseShare : 0;
            TensorPrimitives.Subtract(row, centre, row);
            Unit(row[..Words], Math.Sqrt(1 - share));
            Unit(row[Words..], Math.Sqrt(share));
        }
    }

    private static bool HasMeaning(ReadOnlySpan<float> row) => row[Words..].IndexOfAnyExcept(0f) >= 0;

    private static void Unit(Span<float> part, double length)
    {
        var square = TensorPrimitives.SumOfSquares<float>(part);
        TensorPrimitives.Multiply(part, square > 1e-9f ? (float)(length / Math.Sqrt(square)) : 0, part);
    }
}
