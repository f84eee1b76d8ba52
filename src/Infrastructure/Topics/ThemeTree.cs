namespace AIChat.Infrastructure.Topics;

/// <summary>Clusters conversations by average linkage (Sokal &amp; Michener 1958) and cuts the tree twice: into narrow themes and broad ones.</summary>
internal static class ThemeTree
{
    /// <summary>Sides of a projected vector; a power of two.</summary>
    private const int Width = 1024;

    /// <summary>Conversations that are clustered against each other; smaller ones beyond these join the one that they are most like.</summary>
    private const int Clustered = 2000;

    /// <summary>How alike two groups must be, in standard deviations of the room's likenesses above their mean.</summary>
    private const double NarrowDeviations = 2, BroadDeviations = 0.75;

    /// <summary>No likeness below makes a narrow theme, whatever is usual in the room: two conversations always differ by more than chance.</summary>
    private const double LeastNarrow = 0.12, LeastBroad = 0.05;

    /// <summary>The mean of unit vectors is this long, squared, only where they nearly coincide: one theme.</summary>
    private const double AllAlike = 0.9;

    /// <summary>Conversations of the rest that are held at once.</summary>
    private const int Block = 512;

    /// <param name="vectors">Gives a conversation's direction; asked once for each.</param>
    /// <param name="sizes">Lines of each conversation.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The narrow and the broad theme of each conversation; a narrow one lies within one broad one.</returns>
    public static (int[] Mid, int[] Low) Grow(Func<int, NgramVector> vectors, IReadOnlyList<int> sizes, CancellationToken cancellation)
    {
        var largest = Enumerable.Range(0, sizes.Count).OrderByDescending(number => sizes[number]).ThenBy(number => number).Take(Clustered).Order().ToArray();
        if (sizes.Count < 2)
            return (new int[sizes.Count], new int[sizes.Count]);
        var dense = Dense(vectors, largest);
        var centre = Centre(dense);
        if (centre.Sum(side => side * side) > AllAlike)
            return (new int[sizes.Count], new int[sizes.Count]);
        Direct(dense, centre);
        var alike = new float[largest.Length * largest.Length];
        Torch.Products(dense, dense, Width, (from, block) => block.CopyTo(alike.AsSpan(from * largest.Length)), cancellation);
        var (mean, deviation) = Spread(alike, largest.Length);
        var narrow = Math.Max(LeastNarrow, mean + (NarrowDeviations * deviation));
        var broad = Math.Min(narrow, Math.Max(LeastBroad, mean + (BroadDeviations * deviation)));
        var merges = AverageLinkage.Merge(alike, largest.Length, cancellation);
        var (mids, lows) = (AverageLinkage.Cut(merges, largest.Length, narrow), AverageLinkage.Cut(merges, largest.Length, broad));

        var (mid, low) = (new int[sizes.Count], new int[sizes.Count]);
        for (var i = 0; i < largest.Length; i++)
            (mid[largest[i]], low[largest[i]]) = (mids[i], lows[i]);
        var rest = Enumerable.Range(0, sizes.Count).Except(largest).ToArray();
        var next = largest.Length;
        foreach (var part in rest.Chunk(Block))
        {
            var rows = Dense(vectors, part);
            Direct(rows, centre);
            Torch.Products(rows, dense, Width, (from, block) =>
            {
                for (var i = 0; i < block.Length / largest.Length; i++)
                {
                    var row = block.AsSpan(i * largest.Length, largest.Length);
                    var best = 0;
                    for (var other = 1; other < row.Length; other++)
                        best = row[other] > row[best] ? other : best;
                    var number = part[from + i];
                    mid[number] = row[best] >= narrow ? mids[best] : next++;
                    low[number] = row[best] >= broad ? lows[best] : mid[number];
                }
            }, cancellation);
        }

        return (mid, low);
    }

    private static float[] Dense(Func<int, NgramVector> vectors, int[] numbers)
    {
        var dense = new float[numbers.Length * Width];
        for (var i = 0; i < numbers.Length; i++)
            vectors(numbers[i]).AddTo(dense.AsSpan(i * Width, Width));
        return dense;
    }

    /// <summary>The longer a conversation, the more it sounds like the whole room; what they all share is taken away.</summary>
    private static float[] Centre(float[] dense)
    {
        var centre = new float[Width];
        for (var i = 0; i < dense.Length; i++)
            centre[i % Width] += dense[i] * Width / dense.Length;
        return centre;
    }

    private static void Direct(float[] dense, float[] centre)
    {
        for (var from = 0; from < dense.Length; from += Width)
        {
            var row = dense.AsSpan(from, Width);
            var square = 0f;
            for (var side = 0; side < Width; side++)
            {
                row[side] -= centre[side];
                square += row[side] * row[side];
            }

            // What differs in nothing from the room has no direction.
            var scale = square > 1e-9f ? 1 / MathF.Sqrt(square) : 0;
            foreach (ref var side in row)
                side *= scale;
        }
    }

    private static (double Mean, double Deviation) Spread(float[] alike, int count)
    {
        double sum = 0, squares = 0;
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                sum += alike[(i * count) + j];
                squares += alike[(i * count) + j] * alike[(i * count) + j];
            }
        }

        var pairs = count * (count - 1) / 2.0;
        return (sum / pairs, Math.Sqrt(Math.Max(0, (squares / pairs) - (sum / pairs * (sum / pairs)))));
    }
}
