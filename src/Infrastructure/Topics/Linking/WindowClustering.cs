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

    /// <summary>Cut of the second clustering; docs/topics-notebook.md says what it was chosen on.</summary>
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
        // By number of "together" and by conversation: what is settled by the blocks before, wherever its lines are.
        var (conversationOfGroup, apartOfConversation) = (new Dictionary<int, int>(), new Dictionary<int, int>());
        var next = 0;
        for (var from = 0; from < lines.Count; from += Block)
        {
            var start = Math.Max(0, from - Overlap);
            var count = Math.Min(lines.Count, from + Block) - start;
            var (labels, blockApart) = (new int[count], new int[count]);
            for (var i = 0; i < count; i++)
            {
                var at = start + i;
                var earlier = at < from ? conversations[at] : conversationOfGroup.GetValueOrDefault(together[at], -1);
                labels[i] = earlier >= 0 || together[at] < 0 ? earlier : lines.Count + together[at];
                blockApart[i] = apartOfConversation.GetValueOrDefault(earlier, apart[at]);
            }

            var (clusters, blockMargins) = Cluster([.. lines.Skip(start).Take(count)], labels, blockApart, cancellation);
            var conversationOf = new Dictionary<int, int>();
            for (var i = 0; i < count; i++)
            {
                if (labels[i] >= 0 && labels[i] < lines.Count && !conversationOf.TryAdd(clusters[i], labels[i]) && conversationOf[clusters[i]] != labels[i])
                    Merge(labels[i], conversationOf[clusters[i]], from);
            }

            for (var i = from - start; i < count; i++)
            {
                var at = start + i;
                if (!conversationOf.TryGetValue(clusters[i], out var conversation))
                    conversationOf[clusters[i]] = conversation = next++;
                (conversations[at], margins[at]) = (conversation, blockMargins[i]);
                if (together[at] >= 0)
                    conversationOfGroup[together[at]] = conversation;
                if (apart[at] >= 0)
                    apartOfConversation[conversation] = apart[at];
            }
        }

        return (conversations, margins);

        void Merge(int merged, int kept, int before)
        {
            conversations.AsSpan(0, before).Replace(merged, kept);
            foreach (var (group, _) in conversationOfGroup.Where(entry => entry.Value == merged).ToList())
                conversationOfGroup[group] = kept;
            if (apartOfConversation.Remove(merged, out var number))
                apartOfConversation[kept] = number;
        }
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
