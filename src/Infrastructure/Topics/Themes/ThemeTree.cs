using AIChat.Infrastructure.Topics.Ngrams;
using AIChat.Infrastructure.Topics.Tensors;

namespace AIChat.Infrastructure.Topics.Themes;

/// <summary>A line as themes see it.</summary>
/// <param name="NgramProfile">Its n-grams.</param>
/// <param name="Embedding">What a sentence encoder makes of it, at unit length; null: nothing.</param>
internal readonly record struct ThemeLine(byte[] NgramProfile, float[]? Embedding);

/// <summary>A conversation as themes see it.</summary>
/// <param name="Lines">Its lines.</param>
/// <param name="From">When its first line was said.</param>
/// <param name="To">When its last line was said.</param>
internal sealed record ThemeConversation(IReadOnlyList<ThemeLine> Lines, DateTimeOffset From, DateTimeOffset To);

/// <summary>
/// Clusters conversations by average linkage (Sokal &amp; Michener 1958) over how alike they are and how near in time, and cuts the tree twice: into narrow themes and
/// broad ones. Where to cut, the room says itself: its lines are dealt out anew at random to conversations of the same sizes, and what chance joins there is the measure
/// of what it would join here (a permutation test, in the manner of the gap statistic of Tibshirani et al. 2001).
/// </summary>
internal static class ThemeTree
{
    /// <summary>A narrow theme's joins are more alike than this share of the joins that chance makes in the room; a broad theme's, than this one.</summary>
    private const double NarrowShare = 0.8, BroadShare = 0.25;

    /// <summary>How much of their likeness conversations lose that lie far apart in time.</summary>
    private const float FarApart = 0.5f;

    /// <summary>Far apart are conversations between which this many others begin, at the room's median pace; less by e for each time.</summary>
    private const int FarConversations = 10;

    /// <summary>Conversations that are clustered against each other; smaller ones beyond these join the one that they are most like.</summary>
    private const int Clustered = 2000;

    /// <summary>Joins that chance is asked for at least, by dealing a small room's lines out several times.</summary>
    private const int ChanceJoins = 200;

    /// <summary>Conversations of the rest that are held at once.</summary>
    private const int Block = 512;

    /// <param name="space">Weighs n-grams.</param>
    /// <param name="conversations">At least one line each.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The narrow and the broad theme of each conversation; a narrow one lies within one broad one.</returns>
    public static (int[] Mid, int[] Low) Grow(NgramSpace space, IReadOnlyList<ThemeConversation> conversations, CancellationToken cancellation)
    {
        var count = conversations.Count;
        if (count < 2)
            return (new int[count], new int[count]);
        var told = new CentredVectorSpace(space, conversations.SelectMany(conversation => conversation.Lines));
        var largest = Enumerable.Range(0, count).OrderByDescending(number => conversations[number].Lines.Count).ThenBy(number => number).Take(Clustered).Order().ToArray();
        var dense = told.Dense(largest.Select(number => conversations[number].Lines));
        var centre = told.Centre(dense);
        if (CentredVectorSpace.IsAllAlike(centre))
            return (new int[count], new int[count]);
        told.Direct(dense, centre);
        var spans = largest.Select(number => (conversations[number].From, conversations[number].To)).ToArray();
        var pace = Pace(spans);
        var alike = Alike(dense, told.Width, spans, pace, cancellation);
        var chance = Chance(told, [.. largest.Select(number => conversations[number].Lines)], spans, pace, cancellation);

        // What is less alike than the room's mean is never joined, however few conversations there are to learn chance from.
        var narrow = Math.Max(0, chance[(int)(NarrowShare * (chance.Count - 1))]);
        var broad = Math.Max(0, chance[(int)(BroadShare * (chance.Count - 1))]);
        var merges = AverageLinkage.Merge(alike, largest.Length, cancellation);
        var (mids, lows) = (AverageLinkage.Cut(merges, largest.Length, narrow), AverageLinkage.Cut(merges, largest.Length, broad));

        var (mid, low) = (new int[count], new int[count]);
        for (var i = 0; i < largest.Length; i++)
            (mid[largest[i]], low[largest[i]]) = (mids[i], lows[i]);
        var rest = Enumerable.Range(0, count).Except(largest).ToArray();
        var next = largest.Length;
        foreach (var part in rest.Chunk(Block))
        {
            var rows = told.Dense(part.Select(number => conversations[number].Lines));
            told.Direct(rows, centre);
            Torch.Products(rows, dense, told.Width, (from, block) =>
            {
                for (var i = 0; i < block.Length / largest.Length; i++)
                {
                    var number = part[from + i];
                    var span = (conversations[number].From, conversations[number].To);
                    var row = block.AsSpan(i * largest.Length, largest.Length);
                    var best = 0;
                    for (var other = 0; other < row.Length; other++)
                    {
                        row[other] *= Nearness(span, spans[other], pace);
                        best = row[other] > row[best] ? other : best;
                    }

                    mid[number] = row[best] >= narrow ? mids[best] : next++;
                    low[number] = row[best] >= broad ? lows[best] : mid[number];
                }
            }, cancellation);
        }

        return (mid, low);
    }

    /// <summary>How alike the joins are that chance makes, ascending.</summary>
    private static List<float> Chance(
        CentredVectorSpace told, IReadOnlyList<IReadOnlyList<ThemeLine>> conversations, (DateTimeOffset, DateTimeOffset)[] spans, TimeSpan pace, CancellationToken cancellation)
    {
        var lines = conversations.SelectMany(lines => lines).ToArray();
        var random = new Random(1);
        var joins = new List<float>();
        while (joins.Count < ChanceJoins)
        {
            random.Shuffle(lines);
            var from = 0;
            var dealt = told.Dense(conversations.Select(each => lines[from..(from += each.Count)]));
            told.Direct(dealt, told.Centre(dealt));
            joins.AddRange(AverageLinkage.Merge(Alike(dealt, told.Width, spans, pace, cancellation), conversations.Count, cancellation).Select(join => join.Alike));
        }

        joins.Sort();
        return joins;
    }

    /// <summary>[n, n]: cosine similarity, less where conversations lie apart in time.</summary>
    private static float[] Alike(float[] dense, int width, (DateTimeOffset, DateTimeOffset)[] spans, TimeSpan pace, CancellationToken cancellation)
    {
        var count = spans.Length;
        var alike = new float[count * count];
        Torch.Products(dense, dense, width, (from, block) => block.CopyTo(alike.AsSpan(from * count)), cancellation);
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
                alike[(i * count) + j] *= Nearness(spans[i], spans[j], pace);
        }

        return alike;
    }

    /// <summary>1 for conversations at the same time, falling slowly with the gap between them.</summary>
    private static float Nearness((DateTimeOffset From, DateTimeOffset To) one, (DateTimeOffset From, DateTimeOffset To) other, TimeSpan pace)
    {
        var gap = Math.Max(0, Math.Max((one.From - other.To).TotalSeconds, (other.From - one.To).TotalSeconds));
        return 1 - FarApart + (FarApart * (float)Math.Exp(-gap / Math.Max(1e-3, pace.TotalSeconds)));
    }

    /// <summary>How long it takes until <see cref="FarConversations"/> have begun.</summary>
    private static TimeSpan Pace((DateTimeOffset From, DateTimeOffset To)[] spans)
    {
        var starts = spans.Select(span => span.From).Order().ToArray();
        var gaps = starts.Zip(starts.Skip(1), (a, b) => b - a).Order().ToArray();
        return FarConversations * gaps[gaps.Length / 2];
    }
}
