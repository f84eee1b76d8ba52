using System.Runtime.InteropServices;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// Agglomerative clustering by average linkage (UPGMA, Sokal and Michener 1958) over the scored pairs of a window; a pair out of reach counts as
/// <see cref="OutOfReach"/>. Lines that must be together start in one cluster, and clusters that must stay apart are never merged.
/// </summary>
internal sealed class SparseLinkage
{
    /// <summary>Log-odds of a pair out of reach.</summary>
    private const float OutOfReach = -2.5f;

    /// <summary>Pairs out of reach count at most as so many for each scored pair; otherwise a long conversation would fall apart.</summary>
    private const float MostUnknown = 0.5f;

    private readonly Dictionary<int, (float Sum, int Known)>[] _edges;
    private readonly int[] _parents, _sizes, _versions, _apart;
    private readonly PriorityQueue<(int One, int Other, int Version, int OtherVersion), float> _merges = new();
    private readonly float _least;

    /// <param name="odds">[lines][earlier lines within reach]: log-odds that the two share a conversation, nearest first.</param>
    /// <param name="together">[lines]: lines of the same number ≥ 0 must be together; −1: free.</param>
    /// <param name="apart">[lines]: lines of different numbers ≥ 0 must stay apart; −1: free.</param>
    /// <param name="least">The least threshold that <see cref="Cut"/> will be asked for.</param>
    public SparseLinkage(float[][] odds, IReadOnlyList<int> together, IReadOnlyList<int> apart, float least)
    {
        _least = least;
        var count = odds.Length;
        (_parents, _sizes, _versions, _apart) = (new int[count], new int[count], new int[count], new int[count]);
        Array.Fill(_apart, -1);
        _edges = new Dictionary<int, (float, int)>[count];
        var first = new Dictionary<int, int>();
        for (var at = 0; at < count; at++)
        {
            var cluster = together[at] < 0 || first.TryAdd(together[at], at) ? at : first[together[at]];
            _parents[at] = cluster;
            _sizes[cluster]++;
            _apart[cluster] = Math.Max(_apart[cluster], apart[at]);
            _edges[at] = new Dictionary<int, (float, int)>(Math.Min(2 * WindowPairs.Reach, count));
        }

        for (var at = 0; at < count; at++)
        {
            for (var n = 0; n < odds[at].Length; n++)
                AddEdge(_parents[at], _parents[at - 1 - n], odds[at][n], 1);
        }

        for (var cluster = 0; cluster < count; cluster++)
        {
            foreach (var (other, edge) in _edges[cluster])
            {
                if (other > cluster)
                    Offer(cluster, other, edge);
            }
        }
    }

    /// <summary>The clusters after all merges of a mean log-odds of at least <paramref name="threshold"/>; a later call must not ask for more.</summary>
    /// <returns>[lines]: the cluster of each, numbered from 0 without gaps.</returns>
    public int[] Cut(float threshold)
    {
        while (_merges.TryPeek(out var merge, out var cost) && -cost >= threshold)
        {
            _merges.Dequeue();
            if (_versions[merge.One] == merge.Version && _versions[merge.Other] == merge.OtherVersion)
                Merge(merge.One, merge.Other);
        }

        var numbers = new Dictionary<int, int>();
        var clusters = new int[_parents.Length];
        for (var at = 0; at < clusters.Length; at++)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, RootOf(at), out var known);
            if (!known)
                number = numbers.Count - 1;
            clusters[at] = number;
        }

        return clusters;
    }

    private void AddEdge(int one, int other, float sum, int known)
    {
        if (one == other)
            return;
        ref var edge = ref CollectionsMarshal.GetValueRefOrAddDefault(_edges[one], other, out _);
        edge = (edge.Sum + sum, edge.Known + known);
        _edges[other][one] = edge;
    }

    private void Offer(int one, int other, (float Sum, int Known) edge)
    {
        if (_apart[one] >= 0 && _apart[other] >= 0 && _apart[one] != _apart[other])
            return;
        var unknown = Math.Min(((float)_sizes[one] * _sizes[other]) - edge.Known, MostUnknown * edge.Known);
        var mean = (edge.Sum + (unknown * OutOfReach)) / (edge.Known + unknown);
        if (mean >= _least)
            _merges.Enqueue((one, other, _versions[one], _versions[other]), -mean);
    }

    private void Merge(int one, int other)
    {
        var (kept, merged) = _edges[one].Count >= _edges[other].Count ? (one, other) : (other, one);
        _parents[merged] = kept;
        _sizes[kept] += _sizes[merged];
        _apart[kept] = Math.Max(_apart[kept], _apart[merged]);
        _versions[kept]++;
        _versions[merged] = -1;
        foreach (var (neighbour, edge) in _edges[merged])
        {
            _edges[neighbour].Remove(merged);
            if (neighbour != kept)
                AddEdge(kept, neighbour, edge.Sum, edge.Known);
        }

        _edges[merged].Clear();
        foreach (var (neighbour, edge) in _edges[kept])
            Offer(kept, neighbour, edge);
    }

    private int RootOf(int at)
    {
        while (_parents[at] != at)
            at = _parents[at] = _parents[_parents[at]];
        return at;
    }
}
