using AIChat.Infrastructure.Topics.Ngrams;
using AIChat.Infrastructure.Topics.Tensors;

namespace AIChat.Infrastructure.Topics.Themes;

/// <summary>
/// Clusters conversations by average linkage (Sokal &amp; Michener 1958) over similarity and nearness in time, and cuts the tree twice: into narrow and into broad themes.
/// The cuts come from a permutation test in the manner of the gap statistic (Tibshirani et al. 2001): the room's lines are dealt at random to conversations of the same
/// sizes, and the merges of these set the thresholds.
/// </summary>
internal static class ThemeTree
{
    /// <summary>Quantiles of the similarity of chance merges that the merges of a narrow and of a broad theme exceed.</summary>
    private const double NarrowQuantile = 0.8, BroadQuantile = 0.25;

    /// <summary>Share of the similarity that is lost at great distance in time.</summary>
    private const float MaxDamping = 0.5f;

    /// <summary>Time constant of the damping, in conversations that begin at the room's median pace.</summary>
    private const int DampingConversations = 10;

    /// <summary>Number of the largest conversations that are clustered; each further one joins the most similar of these.</summary>
    private const int MaxClustered = 2000;

    /// <summary>Least number of chance merges; a small room's lines are dealt several times.</summary>
    private const int MinChanceMerges = 200;

    /// <summary>Further conversations that are compared at once.</summary>
    private const int Block = 512;

    /// <param name="space">Weights of the n-grams.</param>
    /// <param name="conversations">The conversations of the window.</param>
    /// <param name="cancellation">Stops between merges and between blocks of products.</param>
    /// <returns>[conversations]: the narrow and the broad theme of each; conversations that share a narrow theme share the broad one.</returns>
    public static (int[] Mid, int[] Low) Build(NgramSpace space, IReadOnlyList<ThemeConversation> conversations, CancellationToken cancellation)
    {
        var count = conversations.Count;
        if (count < 2)
            return (new int[count], new int[count]);
        var vectors = new CentredVectorSpace(space, conversations.SelectMany(conversation => conversation.Lines));
        var largest = Enumerable.Range(0, count).OrderByDescending(number => conversations[number].Lines.Count).ThenBy(number => number).Take(MaxClustered).Order().ToArray();
        var dense = vectors.Dense(largest.Select(number => conversations[number].Lines));
        var centre = vectors.Centre(dense);
        if (CentredVectorSpace.AreCoincident(centre))
            return (new int[count], new int[count]);
        vectors.Direct(dense, centre);
        var spans = largest.Select(number => (conversations[number].From, conversations[number].To)).ToArray();
        var timeConstant = TimeConstant(spans);
        var similarities = Similarities(dense, vectors.Width, spans, timeConstant, cancellation);
        var chance = ChanceSimilarities(vectors, [.. largest.Select(number => conversations[number].Lines)], spans, timeConstant, cancellation);

        // Never below the room's mean, which is similarity 0, however few chance merges there are.
        var narrow = Math.Max(0, chance[(int)(NarrowQuantile * (chance.Count - 1))]);
        var broad = Math.Max(0, chance[(int)(BroadQuantile * (chance.Count - 1))]);
        var merges = AverageLinkage.Merge(similarities, largest.Length, cancellation);
        var (mids, lows) = (AverageLinkage.Cut(merges, largest.Length, narrow), AverageLinkage.Cut(merges, largest.Length, broad));

        var (mid, low) = (new int[count], new int[count]);
        for (var i = 0; i < largest.Length; i++)
            (mid[largest[i]], low[largest[i]]) = (mids[i], lows[i]);
        var rest = Enumerable.Range(0, count).Except(largest).ToArray();
        var next = largest.Length;
        foreach (var part in rest.Chunk(Block))
        {
            var rows = vectors.Dense(part.Select(number => conversations[number].Lines));
            vectors.Direct(rows, centre);
            Torch.Products(rows, dense, vectors.Width, (from, block) =>
            {
                for (var i = 0; i < block.Length / largest.Length; i++)
                {
                    var number = part[from + i];
                    var span = (conversations[number].From, conversations[number].To);
                    var row = block.AsSpan(i * largest.Length, largest.Length);
                    var best = 0;
                    for (var other = 0; other < row.Length; other++)
                    {
                        row[other] *= Nearness(span, spans[other], timeConstant);
                        best = row[other] > row[best] ? other : best;
                    }

                    mid[number] = row[best] >= narrow ? mids[best] : next++;
                    low[number] = row[best] >= broad ? lows[best] : mid[number];
                }
            }, cancellation);
        }

        return (mid, low);
    }

    /// <summary>Similarities of the merges of randomly dealt conversations, ascending.</summary>
    private static List<float> ChanceSimilarities(
        CentredVectorSpace vectors, IReadOnlyList<IReadOnlyList<ThemeLine>> conversations, (DateTimeOffset, DateTimeOffset)[] spans, TimeSpan timeConstant, CancellationToken cancellation)
    {
        var lines = conversations.SelectMany(lines => lines).ToArray();
        var random = new Random(1);
        var merges = new List<float>();
        while (merges.Count < MinChanceMerges)
        {
            random.Shuffle(lines);
            var from = 0;
            var dealt = vectors.Dense(conversations.Select(each => lines[from..(from += each.Count)]));
            vectors.Direct(dealt, vectors.Centre(dealt));
            merges.AddRange(AverageLinkage.Merge(Similarities(dealt, vectors.Width, spans, timeConstant, cancellation), conversations.Count, cancellation).Select(merge => merge.Similarity));
        }

        merges.Sort();
        return merges;
    }

    /// <summary>[n, n]: cosine similarity, damped by distance in time.</summary>
    private static float[] Similarities(float[] dense, int width, (DateTimeOffset, DateTimeOffset)[] spans, TimeSpan timeConstant, CancellationToken cancellation)
    {
        var count = spans.Length;
        var similarities = new float[count * count];
        Torch.Products(dense, dense, width, (from, block) => block.CopyTo(similarities.AsSpan(from * count)), cancellation);
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
                similarities[(i * count) + j] *= Nearness(spans[i], spans[j], timeConstant);
        }

        return similarities;
    }

    /// <summary>1 for conversations at the same time; falls exponentially with the gap to 1 − <see cref="MaxDamping"/>.</summary>
    private static float Nearness((DateTimeOffset From, DateTimeOffset To) one, (DateTimeOffset From, DateTimeOffset To) other, TimeSpan timeConstant)
    {
        var gap = Math.Max(0, Math.Max((one.From - other.To).TotalSeconds, (other.From - one.To).TotalSeconds));
        return 1 - MaxDamping + (MaxDamping * (float)Math.Exp(-gap / Math.Max(1e-3, timeConstant.TotalSeconds)));
    }

    /// <summary>Time in which <see cref="DampingConversations"/> begin at the median pace.</summary>
    private static TimeSpan TimeConstant((DateTimeOffset From, DateTimeOffset To)[] spans)
    {
        var starts = spans.Select(span => span.From).Order().ToArray();
        var gaps = starts.Zip(starts.Skip(1), (a, b) => b - a).Order().ToArray();
        return DampingConversations * gaps[gaps.Length / 2];
    }
}
