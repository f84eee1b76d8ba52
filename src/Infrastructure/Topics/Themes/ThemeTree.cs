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
        var clustered = largest.Select(number => conversations[number]).ToArray();
        var damping = new TimeDamping(clustered.Select(conversation => conversation.From));
        var similarities = Similarities(dense, vectors.Width, clustered, damping, cancellation);
        var chance = ChanceSimilarities(vectors, clustered, damping, cancellation);

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
                    var row = block.AsSpan(i * largest.Length, largest.Length);
                    var best = 0;
                    for (var other = 0; other < row.Length; other++)
                    {
                        row[other] *= damping.Nearness(conversations[number], clustered[other]);
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
    private static List<float> ChanceSimilarities(CentredVectorSpace vectors, ThemeConversation[] conversations, TimeDamping damping, CancellationToken cancellation)
    {
        var lines = conversations.SelectMany(conversation => conversation.Lines).ToArray();
        var random = new Random(1);
        var merges = new List<float>();
        while (merges.Count < MinChanceMerges)
        {
            random.Shuffle(lines);
            var from = 0;
            var dealt = vectors.Dense(conversations.Select(each => lines[from..(from += each.Lines.Count)]));
            vectors.Direct(dealt, vectors.Centre(dealt));
            merges.AddRange(AverageLinkage.Merge(Similarities(dealt, vectors.Width, conversations, damping, cancellation), conversations.Length, cancellation).Select(merge => merge.Similarity));
        }

        merges.Sort();
        return merges;
    }

    /// <summary>[n, n]: cosine similarity, damped by distance in time.</summary>
    private static float[] Similarities(float[] dense, int width, ThemeConversation[] conversations, TimeDamping damping, CancellationToken cancellation)
    {
        var count = conversations.Length;
        var similarities = new float[count * count];
        Torch.Products(dense, dense, width, (from, block) => block.CopyTo(similarities.AsSpan(from * count)), cancellation);
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
                similarities[(i * count) + j] *= damping.Nearness(conversations[i], conversations[j]);
        }

        return similarities;
    }
}
