using System.Numerics.Tensors;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Ngrams;

namespace AIChat.Infrastructure.Topics.Themes;

/// <summary>
/// Compares the lines before and after each gap, in blocks (TextTiling, Hearst 1997). Where they are least alike the conversation turned, if that is less than chance
/// explains: the same lines in random order nearly never have a gap whose sides are so unlike (a permutation test), however long they are and whatever words are usual there.
/// </summary>
internal sealed class DriftDetector : IDriftDetector
{
    /// <summary>Lines to either side that are compared, and the fewest of which something can be said.</summary>
    private const int Block = 12, Least = 6;

    /// <summary>Only the newest lines: what turned long ago is nobody's concern any more, and has been offered.</summary>
    private const int Newest = 200;

    /// <summary>Random orders, and how many of them may have as deep a gap: 1 %.</summary>
    private const int Orders = 200, MayBeat = 2;

    public int? Find(IReadOnlyList<ChatLine> conversation)
    {
        var from = Math.Max(0, conversation.Count - Newest);
        var count = conversation.Count - from;
        if (count < 2 * Least)
            return null;
        var told = conversation.Skip(from).Select(line => new ThemeLine(line.NgramProfile ?? NgramEmbedder.Embed(line.Content), line.Embedding)).ToList();
        var vectors = Vectors(told);
        var order = Enumerable.Range(0, count).ToArray();
        var (gap, likeness) = DeepestGap(vectors, order);
        var random = new Random(count);
        for (var (tries, beaten) = (0, 0); tries < Orders; tries++)
        {
            random.Shuffle(order);
            if (DeepestGap(vectors, order).Likeness <= likeness && ++beaten > MayBeat)
                return null;
        }

        return from + gap;
    }

    /// <summary>Each line by itself: its words, and what is meant relative to the whole conversation.</summary>
    private static float[][] Vectors(List<ThemeLine> lines)
    {
        var words = new NgramSpace();
        foreach (var line in lines)
            words.Add(line.NgramProfile);
        var space = new CentredVectorSpace(words, lines);
        var dense = space.Dense(lines.Select(line => (IReadOnlyList<ThemeLine>)[line]));
        space.Direct(dense, space.Centre(dense, ofWords: false));
        return [.. Enumerable.Range(0, lines.Count).Select(line => dense[(line * space.Width)..((line + 1) * space.Width)])];
    }

    /// <summary>The gap whose sides are least alike (cosine of the sums of their lines' vectors).</summary>
    private static (int Gap, float Likeness) DeepestGap(float[][] vectors, int[] order)
    {
        var count = order.Length;
        var (before, after) = (new float[vectors[0].Length], new float[vectors[0].Length]);
        for (var at = 0; at < Least; at++)
            TensorPrimitives.Add(before, vectors[order[at]], before);
        for (var at = Least; at < Math.Min(count, Least + Block); at++)
            TensorPrimitives.Add(after, vectors[order[at]], after);
        var (deepest, least) = (Least, float.MaxValue);
        for (var gap = Least; ; gap++)
        {
            var (left, right) = (TensorPrimitives.Norm<float>(before), TensorPrimitives.Norm<float>(after));
            var likeness = left > 0 && right > 0 ? TensorPrimitives.Dot<float>(before, after) / (left * right) : 1;
            if (likeness < least)
                (deepest, least) = (gap, likeness);
            if (gap == count - Least)
                return (deepest, least);

            // The line at the gap goes from one side to the other.
            TensorPrimitives.Add(before, vectors[order[gap]], before);
            TensorPrimitives.Subtract(after, vectors[order[gap]], after);
            if (gap >= Block)
                TensorPrimitives.Subtract(before, vectors[order[gap - Block]], before);
            if (gap + Block < count)
                TensorPrimitives.Add(after, vectors[order[gap + Block]], after);
        }
    }
}
