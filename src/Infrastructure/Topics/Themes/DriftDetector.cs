using System.Numerics.Tensors;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Ngrams;

namespace AIChat.Infrastructure.Topics.Themes;

/// <summary>
/// Compares the blocks of lines before and after each gap (TextTiling, Hearst 1997). The gap with the least similar blocks is a turn if hardly any random order of the
/// same lines has a gap as deep (a permutation test). The test allows for the length of the lines and for words that are usual in the conversation.
/// </summary>
internal sealed class DriftDetector : IDriftDetector
{
    /// <summary>Largest and smallest number of lines in a block.</summary>
    private const int Block = 12, MinBlock = 6;

    /// <summary>Only that many of the newest lines are searched: an earlier turn has been offered already.</summary>
    private const int Newest = 200;

    /// <summary>Number of random orders, and how many of them may have a gap as deep: 1 %.</summary>
    private const int Permutations = 200, MaxAsDeep = 2;

    public int? Find(IReadOnlyList<ChatLine> conversation)
    {
        var from = Math.Max(0, conversation.Count - Newest);
        var count = conversation.Count - from;
        if (count < 2 * MinBlock)
            return null;
        var lines = conversation.Skip(from).Select(line => new ThemeLine(line.NgramProfile ?? NgramEmbedder.Embed(line.Content), line.Embedding)).ToList();
        var vectors = Vectors(lines);
        var order = Enumerable.Range(0, count).ToArray();
        var (gap, similarity) = DeepestGap(vectors, order);
        var random = new Random(count);
        for (var (tries, asDeep) = (0, 0); tries < Permutations; tries++)
        {
            random.Shuffle(order);
            if (DeepestGap(vectors, order).Similarity <= similarity && ++asDeep > MaxAsDeep)
                return null;
        }

        return from + gap;
    }

    /// <summary>[lines]: unit vectors, the embedding part relative to the conversation's mean.</summary>
    private static float[][] Vectors(List<ThemeLine> lines)
    {
        var ngrams = new NgramSpace();
        foreach (var line in lines)
            ngrams.Add(line.NgramProfile);
        var space = new CentredVectorSpace(ngrams, lines);
        var dense = space.Dense(lines.Select(line => (IReadOnlyList<ThemeLine>)[line]));
        space.Direct(dense, space.Centre(dense, ofNgrams: false));
        return [.. Enumerable.Range(0, lines.Count).Select(line => dense[(line * space.Width)..((line + 1) * space.Width)])];
    }

    /// <summary>The gap with the least cosine between the sums of the vectors of its two blocks.</summary>
    private static (int Gap, float Similarity) DeepestGap(float[][] vectors, int[] order)
    {
        var count = order.Length;
        var (before, after) = (new float[vectors[0].Length], new float[vectors[0].Length]);
        for (var at = 0; at < MinBlock; at++)
            TensorPrimitives.Add(before, vectors[order[at]], before);
        for (var at = MinBlock; at < Math.Min(count, MinBlock + Block); at++)
            TensorPrimitives.Add(after, vectors[order[at]], after);
        var (deepest, least) = (MinBlock, float.MaxValue);
        for (var gap = MinBlock; ; gap++)
        {
            var (left, right) = (TensorPrimitives.Norm<float>(before), TensorPrimitives.Norm<float>(after));
            var similarity = left > 0 && right > 0 ? TensorPrimitives.Dot<float>(before, after) / (left * right) : 1;
            if (similarity < least)
                (deepest, least) = (gap, similarity);
            if (gap == count - MinBlock)
                return (deepest, least);

            // The line at the gap moves from one block to the other.
            TensorPrimitives.Add(before, vectors[order[gap]], before);
            TensorPrimitives.Subtract(after, vectors[order[gap]], after);
            if (gap >= Block)
                TensorPrimitives.Subtract(before, vectors[order[gap - Block]], before);
            if (gap + Block < count)
                TensorPrimitives.Add(after, vectors[order[gap + Block]], after);
        }
    }
}
