namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// The conversations of a window once all its lines are scored: the log-odds of pairs are clustered by average linkage, scored again by a second network that sees the
/// clusters of the first pass (stacked generalization, Wolpert 1992), and clustered again.
/// </summary>
/// <param name="first">Scores <see cref="WindowPairs"/>.</param>
/// <param name="second">Scores <see cref="WindowPairs"/> and a <see cref="ClusterContext"/> for each of <see cref="Cuts"/>.</param>
internal sealed class WindowClustering(PairScorer first, PairScorer second)
{
    /// <summary>Width of a pair's features in the second pass.</summary>
    public static readonly int OfPair = WindowPairs.OfPair + (Cuts.Length * ClusterContext.Count);

    /// <summary>Lines that are clustered together, and lines of the block before that come along with their clusters.</summary>
    private const int Block = 1_200, Overlap = 300;

    /// <summary>Cut of the second clustering, chosen on rooms that no network saw.</summary>
    private const float FinalCut = -1.2f;

    /// <summary>Cuts of the first clustering: one into fragments, one into whole conversations.</summary>
    public static ReadOnlySpan<float> Cuts => [-0.3f, -1.5f];

    /// <param name="lines">The window's lines.</param>
    /// <param name="together">[lines]: lines of the same number ≥ 0 are in one conversation; −1: free.</param>
    /// <param name="apart">[lines]: lines of different numbers ≥ 0 are in different conversations; −1: free.</param>
    /// <param name="cancellation">Stops between lines.</param>
    /// <returns>[lines]: the conversation of each, and how much likelier it is than the next best.</returns>
    public (int[] Conversations, float[] Margins) Run(IReadOnlyList<ScoredLine> lines, IReadOnlyList<int> together, IReadOnlyList<int> apart, CancellationToken cancellation)
    {
        var (conversations, margins) = (new int[lines.Count], new float[lines.Count]);
        var conversationOfGroup = new Dictionary<int, int>();
        var next = 0;
        for (var from = 0; from < lines.Count; from += Block)
        {
            var start = Math.Max(0, from - Overlap);
            var end = Math.Min(lines.Count, from + Block);
            // Lines of the block before start in their conversation; so do lines that must be together with earlier ones.
            var labels = new int[end - start];
            for (var at = start; at < end; at++)
                labels[at - start] = at < from ? conversations[at] : together[at] < 0 ? -1 : conversationOfGroup.TryGetValue(together[at], out var known) ? known : lines.Count + together[at];
            var (clusters, blockMargins) = Cluster([.. lines.Skip(start).Take(end - start)], labels, [.. apart.Skip(start).Take(end - start)], cancellation);
            var conversationOf = new Dictionary<int, int>();
            for (var at = 0; at < labels.Length; at++)
            {
                if (labels[at] < 0 || labels[at] >= lines.Count)
                    continue;
                if (!conversationOf.TryAdd(clusters[at], labels[at]) && conversationOf[clusters[at]] != labels[at])
                    conversations.AsSpan(0, from).Replace(labels[at], conversationOf[clusters[at]]);
            }

            for (var at = from; at < end; at++)
            {
                if (!conversationOf.TryGetValue(clusters[at - start], out var conversation))
                    conversationOf[clusters[at - start]] = conversation = next++;
                conversations[at] = conversation;
                margins[at] = blockMargins[at - start];
                if (together[at] >= 0)
                    conversationOfGroup[together[at]] = conversation;
            }
        }

        return (conversations, margins);
    }

    /// <summary>Fills the features of the second pass for a line and each earlier one within reach.</summary>
    public static void FillSecond(WindowPairs pairs, ClusterContext[] contexts, int at, float[] rows)
    {
        pairs.FillPairs(at, rows, OfPair);
        for (var context = 0; context < contexts.Length; context++)
            contexts[context].Fill(at, rows, OfPair, WindowPairs.OfPair + (context * ClusterContext.Count));
    }

    /// <summary>The contexts of the second pass, one for each of <see cref="Cuts"/>.</summary>
    public static ClusterContext[] Contexts(WindowPairs pairs, float[][] odds, IReadOnlyList<int> together, IReadOnlyList<int> apart)
    {
        var linkage = new SparseLinkage(odds, together, apart, Cuts[^1]);
        var contexts = new ClusterContext[Cuts.Length];
        for (var cut = 0; cut < contexts.Length; cut++)
            contexts[cut] = new ClusterContext(pairs, odds, linkage.Cut(Cuts[cut]));
        return contexts;
    }

    private (int[] Clusters, float[] Margins) Cluster(ScoredLine[] lines, int[] together, int[] apart, CancellationToken cancellation)
    {
        var pairs = new WindowPairs(lines);
        var odds = first.Score(pairs, (at, rows) => pairs.FillPairs(at, rows), cancellation);
        var contexts = Contexts(pairs, odds, together, apart);
        odds = second.Score(pairs, (at, rows) => FillSecond(pairs, contexts, at, rows), cancellation);
        var clusters = new SparseLinkage(odds, together, apart, FinalCut).Cut(FinalCut);
        var final = new ClusterContext(pairs, odds, clusters);
        return (clusters, [.. Enumerable.Range(0, lines.Length).Select(at => Margin(final.AffinitiesOf(at)))]);
    }

    private static float Margin((float Own, float Other) affinities) => Math.Max(0, Probability(affinities.Own) - Probability(affinities.Other));

    private static float Probability(float odds) => 1 / (1 + MathF.Exp(-odds));
}
