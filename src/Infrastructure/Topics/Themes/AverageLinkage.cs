namespace AIChat.Infrastructure.Topics.Themes;

/// <summary>Agglomerative clustering by average linkage with the nearest-neighbour chain (Murtagh 1983): O(n²) time, in place.</summary>
internal static class AverageLinkage
{
    /// <param name="alike">[n, n] similarities, symmetric; overwritten.</param>
    /// <param name="count">n.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>n − 1 joins of two points' clusters and how alike these were, in no order.</returns>
    public static List<(int A, int B, float Alike)> Merge(float[] alike, int count, CancellationToken cancellation)
    {
        var merges = new List<(int, int, float)>(count);
        var size = new int[count];
        Array.Fill(size, 1);
        var chain = new List<int>(count);
        var first = 0;
        while (merges.Count < count - 1)
        {
            cancellation.ThrowIfCancellationRequested();
            if (chain.Count == 0)
            {
                while (size[first] == 0)
                    first++;
                chain.Add(first);
            }

            var tip = chain[^1];
            var before = chain.Count > 1 ? chain[^2] : -1;
            // On equal terms the chain turns back, so that it ends.
            var nearest = before;
            var row = alike.AsSpan(tip * count, count);
            for (var other = 0; other < count; other++)
            {
                if (other != tip && size[other] > 0 && (nearest < 0 || row[other] > row[nearest]))
                    nearest = other;
            }

            if (nearest != before)
            {
                chain.Add(nearest);
                continue;
            }

            merges.Add((tip, nearest, row[nearest]));
            chain.RemoveRange(chain.Count - 2, 2);
            float a = size[tip], b = size[nearest];
            for (var other = 0; other < count; other++)
            {
                if (size[other] == 0 || other == tip || other == nearest)
                    continue;
                var joined = ((a * row[other]) + (b * alike[(nearest * count) + other])) / (a + b);
                alike[(nearest * count) + other] = joined;
                alike[(other * count) + nearest] = joined;
            }

            (size[nearest], size[tip]) = (size[nearest] + size[tip], 0);
        }

        return merges;
    }

    /// <summary>Each point's cluster when only clusters at least this much alike are joined.</summary>
    public static int[] Cut(List<(int A, int B, float Alike)> merges, int count, double least)
    {
        var parent = Enumerable.Range(0, count).ToArray();
        int Root(int point)
        {
            while (parent[point] != point)
                point = parent[point] = parent[parent[point]];
            return point;
        }

        foreach (var (a, b, alike) in merges)
        {
            if (alike >= least)
                parent[Root(a)] = Root(b);
        }

        return [.. Enumerable.Range(0, count).Select(Root)];
    }
}
