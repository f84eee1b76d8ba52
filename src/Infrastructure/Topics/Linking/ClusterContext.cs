using System.Runtime.InteropServices;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>What a first clustering of a window says about its pairs: the features <see cref="ClusterPairFeature"/>.</summary>
internal sealed class ClusterContext
{
    public const int Count = (int)ClusterPairFeature.MeanSimilarity + 1;

    /// <summary>Rarity from which on a shared word counts as rare.</summary>
    private const float Rare = 2.75f;

    /// <summary>Affinity to a cluster none of whose lines is within reach.</summary>
    private const float NoAffinity = -4;

    private readonly WindowPairs _pairs;
    private readonly int[] _clusters;
    private readonly int[] _sizes;
    private readonly DateTimeOffset[] _first, _last;
    private readonly Dictionary<int, int>[] _speakers;
    private readonly float[] _speakerNorms;
    private readonly Dictionary<int, (float Sum, int Known)>[] _affinities;
    private readonly float[] _own, _bestOther, _secondOther;
    private readonly int[] _best;
    private readonly Dictionary<(int, int), Between> _between = [];

    /// <param name="pairs">The window.</param>
    /// <param name="odds">[lines][earlier lines within reach]: the first pass's log-odds.</param>
    /// <param name="clusters">[lines]: the clusters, numbered from 0 without gaps.</param>
    public ClusterContext(WindowPairs pairs, float[][] odds, int[] clusters)
    {
        (_pairs, _clusters) = (pairs, clusters);
        var count = clusters.Length == 0 ? 0 : clusters.Max() + 1;
        (_sizes, _speakerNorms) = (new int[count], new float[count]);
        (_first, _last) = (new DateTimeOffset[count], new DateTimeOffset[count]);
        _speakers = [.. Enumerable.Range(0, count).Select(_ => new Dictionary<int, int>())];
        _affinities = [.. clusters.Select(_ => new Dictionary<int, (float, int)>())];
        (_own, _bestOther, _secondOther, _best) = (new float[clusters.Length], new float[clusters.Length], new float[clusters.Length], new int[clusters.Length]);
        for (var at = 0; at < clusters.Length; at++)
            AddLine(at, odds[at]);
        for (var cluster = 0; cluster < count; cluster++)
            _speakerNorms[cluster] = MathF.Sqrt(_speakers[cluster].Values.Sum(lines => (float)lines * lines));
        foreach (var ((one, other), between) in _between)
            CompareSpeakers(one, other, between);
        for (var at = 0; at < clusters.Length; at++)
            FindBest(at);
    }

    /// <summary>Mean log-odds of a line and the other lines of its own cluster, and of the best other cluster.</summary>
    public (float Own, float Other) AffinitiesOf(int at) => (_own[at], _bestOther[at]);

    /// <summary>Fills the features of a line and each earlier one within reach.</summary>
    /// <param name="at">The later line.</param>
    /// <param name="rows">Rows of <paramref name="width"/>, nearest first.</param>
    /// <param name="width">Of a row.</param>
    /// <param name="from">First of this context's columns in a row.</param>
    public void Fill(int at, Span<float> rows, int width, int from)
    {
        for (var n = 0; n < WindowPairs.EarlierOf(at); n++)
        {
            var earlier = at - 1 - n;
            var (mine, theirs) = (_clusters[at], _clusters[earlier]);
            var f = new FeatureRow<ClusterPairFeature>(rows.Slice((n * width) + from, Count));
            var between = _between[Key(mine, theirs)];
            var (affinity, earlierAffinity) = (Affinity(at, theirs), Affinity(earlier, mine));
            f[ClusterPairFeature.IsSameCluster] = mine == theirs ? 1 : 0;
            f[ClusterPairFeature.LineAffinity] = affinity / 3;
            f[ClusterPairFeature.EarlierAffinity] = earlierAffinity / 3;
            f[ClusterPairFeature.ClusterAffinity] = between.Odds / between.Pairs / 3;
            f[ClusterPairFeature.Size] = MathF.Log(_sizes[mine]) / 3;
            f[ClusterPairFeature.EarlierSize] = MathF.Log(_sizes[theirs]) / 3;
            f[ClusterPairFeature.SpeakerShareInEarlierCluster] = _speakers[theirs].GetValueOrDefault(_pairs.SpeakerOf(at)) / (float)_sizes[theirs];
            f[ClusterPairFeature.EarlierSpeakerShareInCluster] = _speakers[mine].GetValueOrDefault(_pairs.SpeakerOf(earlier)) / (float)_sizes[mine];
            f[ClusterPairFeature.SpeakerOverlap] = between.SpeakerOverlap;
            f[ClusterPairFeature.SpeakerCosine] = between.SpeakerCosine;
            f[ClusterPairFeature.MeanCosine] = 4 * between.Cosines / between.Pairs;
            f[ClusterPairFeature.SharedRareWords] = between.RareWords / MathF.Sqrt((float)_sizes[mine] * _sizes[theirs]);
            f[ClusterPairFeature.MinutesApart] = between.MinutesApart;
            f[ClusterPairFeature.LeadOverOthers] = (affinity - (_best[at] == theirs ? _secondOther[at] : _bestOther[at])) / 3;
            f[ClusterPairFeature.EarlierLeadOverOthers] = (earlierAffinity - (_best[earlier] == mine ? _secondOther[earlier] : _bestOther[earlier])) / 3;
            f[ClusterPairFeature.LeadOverOwn] = (affinity - _own[at]) / 3;
            f[ClusterPairFeature.EarlierLeadOverOwn] = (earlierAffinity - _own[earlier]) / 3;
            f[ClusterPairFeature.MeanSimilarity] = between.Similarities / between.Pairs;
        }
    }

    private static (int, int) Key(int one, int other) => one < other ? (one, other) : (other, one);

    private void AddLine(int at, float[] odds)
    {
        var (cluster, time) = (_clusters[at], _pairs.Lines[at].Observed.At);
        (_first[cluster], _last[cluster]) = _sizes[cluster]++ == 0 ? (time, time) : (time < _first[cluster] ? time : _first[cluster], time > _last[cluster] ? time : _last[cluster]);
        CollectionsMarshal.GetValueRefOrAddDefault(_speakers[cluster], _pairs.SpeakerOf(at), out _)++;
        for (var n = 0; n < odds.Length; n++)
        {
            var earlier = at - 1 - n;
            AddAffinity(at, _clusters[earlier], odds[n]);
            AddAffinity(earlier, cluster, odds[n]);
            ref var between = ref CollectionsMarshal.GetValueRefOrAddDefault(_between, Key(cluster, _clusters[earlier]), out _);
            between ??= new Between();
            between.Pairs++;
            between.Odds += odds[n];
            between.Cosines += _pairs.Cosine(at, earlier);
            between.Similarities += _pairs.Similarity(at, earlier);
            between.RareWords += _pairs.RarestSharedWord(at, earlier) > Rare ? 1 : 0;
        }
    }

    private void AddAffinity(int at, int cluster, float odds)
    {
        ref var affinity = ref CollectionsMarshal.GetValueRefOrAddDefault(_affinities[at], cluster, out _);
        affinity = (affinity.Sum + odds, affinity.Known + 1);
    }

    private float Affinity(int at, int cluster) => _affinities[at].TryGetValue(cluster, out var affinity) ? affinity.Sum / affinity.Known : NoAffinity;

    private void FindBest(int at)
    {
        (_best[at], _bestOther[at], _secondOther[at]) = (-1, NoAffinity, NoAffinity);
        _own[at] = Affinity(at, _clusters[at]);
        foreach (var (cluster, (sum, known)) in _affinities[at])
        {
            var affinity = sum / known;
            if (cluster == _clusters[at])
                continue;
            if (affinity > _bestOther[at])
                (_best[at], _bestOther[at], _secondOther[at]) = (cluster, affinity, _bestOther[at]);
            else if (affinity > _secondOther[at])
                _secondOther[at] = affinity;
        }
    }

    private void CompareSpeakers(int one, int other, Between between)
    {
        var (shared, product) = (0, 0f);
        foreach (var (speaker, lines) in _speakers[one])
        {
            if (!_speakers[other].TryGetValue(speaker, out var others))
                continue;
            shared++;
            product += (float)lines * others;
        }

        between.SpeakerOverlap = shared / (float)(_speakers[one].Count + _speakers[other].Count - shared);
        between.SpeakerCosine = product / (_speakerNorms[one] * _speakerNorms[other]);
        var (begins, ends) = (_first[one] > _first[other] ? _first[one] : _first[other], _last[one] < _last[other] ? _last[one] : _last[other]);
        between.MinutesApart = FeatureScale.Minutes(begins - ends);
    }

    /// <summary>Sums over the known pairs of two clusters, or within one.</summary>
    private sealed class Between
    {
        public int Pairs { get; set; }

        public float Odds { get; set; }

        public float Cosines { get; set; }

        public float Similarities { get; set; }

        public int RareWords { get; set; }

        /// <summary>Jaccard index of the speakers.</summary>
        public float SpeakerOverlap { get; set; }

        /// <summary>Cosine of the numbers of lines by speaker.</summary>
        public float SpeakerCosine { get; set; }

        public float MinutesApart { get; set; }
    }
}
