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
    private readonly float[] _logSizes;
    private readonly DateTimeOffset[] _first, _last;
    private readonly Dictionary<int, int>[] _speakers;
    private readonly float[] _speakerNorms;

    // [lines][earlier lines within reach], nearest first.
    private readonly Pair[][] _ofPairs;
    private readonly float[] _own, _bestOther, _secondOther;
    private readonly int[] _best;
    private readonly Dictionary<long, int> _numberOfBetween = [];
    private readonly List<Between> _between = [];

    /// <param name="pairs">The window.</param>
    /// <param name="odds">[lines][earlier lines within reach]: the first pass's log-odds.</param>
    /// <param name="clusters">[lines]: the clusters, numbered from 0 without gaps.</param>
    public ClusterContext(WindowPairs pairs, float[][] odds, int[] clusters)
    {
        (_pairs, _clusters) = (pairs, clusters);
        var count = clusters.Length == 0 ? 0 : clusters.Max() + 1;
        (_sizes, _logSizes, _speakerNorms) = (new int[count], new float[count], new float[count]);
        (_first, _last) = (new DateTimeOffset[count], new DateTimeOffset[count]);
        _speakers = [.. Enumerable.Range(0, count).Select(_ => new Dictionary<int, int>())];
        (_own, _bestOther, _secondOther, _best) = (new float[clusters.Length], new float[clusters.Length], new float[clusters.Length], new int[clusters.Length]);
        _ofPairs = new Pair[clusters.Length][];
        for (var at = 0; at < clusters.Length; at++)
            AddLine(at, odds[at]);
        for (var cluster = 0; cluster < count; cluster++)
        {
            _speakerNorms[cluster] = MathF.Sqrt(_speakers[cluster].Values.Sum(lines => (float)lines * lines));
            _logSizes[cluster] = MathF.Log(_sizes[cluster]);
        }

        foreach (var between in _between)
            Finish(between);
        var affinities = new Affinities(count);
        for (var at = 0; at < clusters.Length; at++)
            FillAffinities(at, odds, affinities);
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
            var pair = _ofPairs[at][n];
            var between = _between[pair.Between];
            var (affinity, earlierAffinity) = (pair.Affinity, pair.EarlierAffinity);
            f[ClusterPairFeature.IsSameCluster] = mine == theirs ? 1 : 0;
            f[ClusterPairFeature.LineAffinity] = affinity / 3;
            f[ClusterPairFeature.EarlierAffinity] = earlierAffinity / 3;
            f[ClusterPairFeature.ClusterAffinity] = between.MeanOdds / 3;
            f[ClusterPairFeature.Size] = _logSizes[mine] / 3;
            f[ClusterPairFeature.EarlierSize] = _logSizes[theirs] / 3;
            f[ClusterPairFeature.SpeakerShareInEarlierCluster] = _speakers[theirs].GetValueOrDefault(_pairs.SpeakerOf(at)) / (float)_sizes[theirs];
            f[ClusterPairFeature.EarlierSpeakerShareInCluster] = _speakers[mine].GetValueOrDefault(_pairs.SpeakerOf(earlier)) / (float)_sizes[mine];
            f[ClusterPairFeature.SpeakerOverlap] = between.SpeakerOverlap;
            f[ClusterPairFeature.SpeakerCosine] = between.SpeakerCosine;
            f[ClusterPairFeature.MeanCosine] = 4 * between.MeanCosine;
            f[ClusterPairFeature.SharedRareWords] = between.RareWordShare;
            f[ClusterPairFeature.MinutesApart] = between.MinutesApart;
            f[ClusterPairFeature.LeadOverOthers] = (affinity - (_best[at] == theirs ? _secondOther[at] : _bestOther[at])) / 3;
            f[ClusterPairFeature.EarlierLeadOverOthers] = (earlierAffinity - (_best[earlier] == mine ? _secondOther[earlier] : _bestOther[earlier])) / 3;
            f[ClusterPairFeature.LeadOverOwn] = (affinity - _own[at]) / 3;
            f[ClusterPairFeature.EarlierLeadOverOwn] = (earlierAffinity - _own[earlier]) / 3;
            f[ClusterPairFeature.MeanSimilarity] = between.MeanSimilarity;
        }
    }

    private void AddLine(int at, float[] odds)
    {
        var (cluster, time) = (_clusters[at], _pairs.Lines[at].Observed.At);
        (_first[cluster], _last[cluster]) = _sizes[cluster]++ == 0 ? (time, time) : (time < _first[cluster] ? time : _first[cluster], time > _last[cluster] ? time : _last[cluster]);
        CollectionsMarshal.GetValueRefOrAddDefault(_speakers[cluster], _pairs.SpeakerOf(at), out _)++;
        var ofPairs = _ofPairs[at] = new Pair[odds.Length];
        var cosines = _pairs.CosinesOf(at);
        var similarities = _pairs.SimilaritiesOf(at);
        var rarest = _pairs.RarestSharedWordsOf(at);
        for (var n = 0; n < odds.Length; n++)
        {
            var between = BetweenOf(cluster, _clusters[at - 1 - n]);
            ofPairs[n].Between = between.Number;
            between.Pairs++;
            between.Odds += odds[n];
            between.Cosines += cosines[n];
            between.Similarities += similarities[n];
            between.RareWords += rarest[n] > Rare ? 1 : 0;
        }
    }

    private Between BetweenOf(int one, int other)
    {
        var key = ((long)Math.Min(one, other) << 32) | (uint)Math.Max(one, other);
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numberOfBetween, key, out var known);
        if (known)
            return _between[number];
        number = _between.Count;
        var between = new Between(number, Math.Min(one, other), Math.Max(one, other));
        _between.Add(between);
        return between;
    }

    /// <summary>Finds a line's affinity to each cluster that has a line within reach, on either side.</summary>
    private void FillAffinities(int at, float[][] odds, Affinities affinities)
    {
        affinities.Clear();
        for (var n = 0; n < odds[at].Length; n++)
            affinities.Add(_clusters[at - 1 - n], odds[at][n]);
        var end = Math.Min(_clusters.Length - 1, at + WindowPairs.Reach);
        for (var later = at + 1; later <= end; later++)
            affinities.Add(_clusters[later], odds[later][later - at - 1]);
        for (var n = 0; n < odds[at].Length; n++)
            _ofPairs[at][n].Affinity = affinities.Of(_clusters[at - 1 - n]);
        for (var later = at + 1; later <= end; later++)
            _ofPairs[later][later - at - 1].EarlierAffinity = affinities.Of(_clusters[later]);

        (_best[at], _bestOther[at], _secondOther[at]) = (-1, NoAffinity, NoAffinity);
        _own[at] = affinities.Of(_clusters[at]);
        foreach (var cluster in affinities.Clusters)
        {
            var affinity = affinities.Of(cluster);
            if (cluster == _clusters[at])
                continue;
            if (affinity > _bestOther[at])
                (_best[at], _bestOther[at], _secondOther[at]) = (cluster, affinity, _bestOther[at]);
            else if (affinity > _secondOther[at])
                _secondOther[at] = affinity;
        }
    }

    private void Finish(Between between)
    {
        var (one, other) = (between.One, between.Other);
        between.MeanOdds = between.Odds / between.Pairs;
        between.MeanCosine = between.Cosines / between.Pairs;
        between.MeanSimilarity = between.Similarities / between.Pairs;
        between.RareWordShare = between.RareWords / MathF.Sqrt((float)_sizes[one] * _sizes[other]);
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

    /// <summary>Two lines' affinities to each other's clusters, and the number of the two clusters' <see cref="Between"/>.</summary>
    private struct Pair
    {
        public float Affinity { get; set; }

        public float EarlierAffinity { get; set; }

        public int Between { get; set; }
    }

    /// <summary>Means of one line's log-odds by cluster.</summary>
    private sealed class Affinities(int count)
    {
        private readonly float[] _sums = new float[count];
        private readonly int[] _known = new int[count];

        /// <summary>Those with a line within reach.</summary>
        public List<int> Clusters { get; } = [];

        public void Clear()
        {
            foreach (var cluster in Clusters)
                (_sums[cluster], _known[cluster]) = (0, 0);
            Clusters.Clear();
        }

        public void Add(int cluster, float odds)
        {
            if (_known[cluster]++ == 0)
                Clusters.Add(cluster);
            _sums[cluster] += odds;
        }

        public float Of(int cluster) => _known[cluster] == 0 ? NoAffinity : _sums[cluster] / _known[cluster];
    }

    /// <summary>Sums over the known pairs of two clusters, or within one, and what comes of them.</summary>
    private sealed class Between(int number, int one, int other)
    {
        public int Number => number;

        public int One => one;

        public int Other => other;

        public int Pairs { get; set; }

        public float Odds { get; set; }

        public float Cosines { get; set; }

        public float Similarities { get; set; }

        public int RareWords { get; set; }

        public float MeanOdds { get; set; }

        public float MeanCosine { get; set; }

        public float MeanSimilarity { get; set; }

        /// <summary>Pairs with a rare word in common, relative to the clusters' sizes.</summary>
        public float RareWordShare { get; set; }

        /// <summary>Jaccard index of the speakers.</summary>
        public float SpeakerOverlap { get; set; }

        /// <summary>Cosine of the numbers of lines by speaker.</summary>
        public float SpeakerCosine { get; set; }

        public float MinutesApart { get; set; }
    }
}
