namespace AIChat.Infrastructure.Topics.Themes;

/// <summary>Agglomerative clustering by average linkage with the nearest-neighbour chain (Murtagh 1983): O(n²) time, in place.</summary>
internal static class AverageLinkage
{
    /// <param name="similarities">[n, n], symmetric; overwritten.</param>
    /// <param name="count">n.</param>
    /// <param name="cancellation">Stops between merges.</param>
    /// <returns>n − 1 merges, unordered: a point of each cluster, and the similarity of the two clusters.</returns>
    public static List<(int A, int B, float Similarity)> Merge(float[] similarities, int count, CancellationToken cancellation)
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
            // A tie goes to the previous link of the chain, so that the chain ends.
            var nearest = before;
            var row = similarities.AsSpan(tip * count, count);
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
                var merged = ((a * row[other]) + (b * similarities[(nearest * count) + other])) / (a + b);
                similarities[(nearest * count) + other] = merged;
                similarities[(other * count) + nearest] = merged;
            }

            (size[nearest], size[tip]) = (size[nearest] + size[tip], 0);
        }

        return merges;
    }

    /// <summary>[points]: the cluster of each when only merges of at least this similarity are made.</summary>
    public static int[] Cut(List<(int A, int B, float Similarity)> merges, int count, double least)
    {
        var parent = Enumerable.Range(0, count).ToArray();
        int Root(int point)
        {
            while (parent[point] != point)
                point = parent[point] = parent[parent[point]];
            return point;
        }

        foreach (var (a, b, similarity) in merges)
        {
            if (similarity >= least)
                parent[Root(a)] = Root(b);
        }

        return [.. Enumerable.Range(0, count).Select(Root)];
    }
}
