using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using AIChat.Infrastructure.Topics.Ngrams;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// The pairs of a window's lines that lie within <see cref="Reach"/> of each other, once all lines are known: how similar they are, who speaks and who is mentioned,
/// what lies between. Unlike <see cref="LinkFeatures"/> it looks at both sides in time.
/// </summary>
internal sealed class WindowPairs
{
    /// <summary>Greatest distance of a pair, in lines.</summary>
    public const int Reach = 160;

    /// <summary>Width of a line's features: <see cref="LineTrait"/>s, then <see cref="WindowLineFeature"/>s.</summary>
    public const int OfLine = LineTraits.Count + (int)WindowLineFeature.HasEmbedding + 1;

    /// <summary>Width of a pair's features.</summary>
    public const int OfPair = (int)WindowPairFeature.HasEmbeddings + 1;

    /// <summary>A speaker's lines at most that many lines and seconds away from one are its group.</summary>
    private const int GroupLines = 6, GroupSeconds = 90;

    /// <summary>Two speakers are near each other where at most that many lines and seconds lie between them.</summary>
    private const int NearLines = 4, NearSeconds = 120;

    private const float LongPause = 40, Pause = 10;

    private readonly IReadOnlyList<ScoredLine> _lines;
    private readonly float[][] _cosines, _similarities, _rarities, _rarest;
    private readonly float[] _cosineMeans, _cosineDeviations;

    /// <summary>[lines]: since the line before, scaled.</summary>
    private readonly float[] _gaps;
    private readonly int[] _speakers;
    private readonly int[][] _mentions, _groups;
    private readonly int[] _pausesBefore;

    // [speakers][speakers]; null: a row of zeros.
    private readonly int[]?[] _near, _mentionCounts;
    private readonly int[] _nearOf;
    private readonly int[] _between;
    private int _nearTotal;

    // What FillPairs needs for one line.
    private readonly float[] _minutes = new float[Reach], _logMinutes = new float[Reach], _links = new float[Reach], _joins = new float[Reach];
    private readonly float[] _decaysOverTenSeconds = new float[Reach], _decaysOverOneMinute = new float[Reach], _decaysOverTenMinutes = new float[Reach];
    private readonly GroupMeans _ofCosines = new(Reach, GroupLines), _ofRarest = new(Reach, GroupLines), _ofSimilarities = new(Reach, GroupLines);
    private readonly float[] _rowsOfSpeakers;
    private readonly int[] _calls;
    private int _call;

    /// <param name="lines">In order, in the conversations that they were assigned to when they were said.</param>
    public WindowPairs(IReadOnlyList<ScoredLine> lines)
    {
        _lines = lines;
        var count = lines.Count;
        (_cosines, _similarities, _rarities, _rarest) = (new float[count][], new float[count][], new float[count][], new float[count][]);
        (_cosineMeans, _cosineDeviations) = (new float[count], new float[count]);
        _speakers = new int[count];
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var at = 0; at < count; at++)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, lines[at].Observed.Speaker, out var known);
            if (!known)
                number = numbers.Count - 1;
            _speakers[at] = number;
        }

        SpeakerCount = numbers.Count;
        _mentions = [.. lines.Select(line => line.Observed.Mentions.Select(mention => numbers.GetValueOrDefault(mention.Speaker, -1)).Where(speaker => speaker >= 0).Distinct().ToArray())];
        _groups = [.. Enumerable.Range(0, count).Select(GroupOf)];
        (_pausesBefore, _nearOf, _between) = (new int[count], new int[numbers.Count], new int[numbers.Count]);
        (_near, _mentionCounts) = (new int[numbers.Count][], new int[numbers.Count][]);
        (_rowsOfSpeakers, _calls) = (new float[numbers.Count * OfPair], new int[numbers.Count]);
        _gaps = [.. Enumerable.Range(0, count).Select(at => at == 0 ? 0 : FeatureScale.Minutes(lines[at].Observed.At - lines[at - 1].Observed.At))];
        Compare();
        ShareWords();
        CountSpeakers();
    }

    public int Count => _lines.Count;

    public int SpeakerCount { get; }

    public IReadOnlyList<ScoredLine> Lines => _lines;

    public int SpeakerOf(int at) => _speakers[at];

    /// <summary>Number of earlier lines within reach.</summary>
    public static int EarlierOf(int at) => Math.Min(Reach, at);

    /// <summary>[earlier lines within reach]: cosine similarity of the n-grams, nearest first.</summary>
    public ReadOnlySpan<float> CosinesOf(int at) => _cosines[at];

    /// <summary>[earlier lines within reach]: rarity of the rarest word that both have, nearest first.</summary>
    public ReadOnlySpan<float> RarestSharedWordsOf(int at) => _rarest[at];

    /// <summary>[earlier lines within reach]: similarity of the embeddings, in deviations from what is usual in the window, divided by 3; 0: one of them has none.</summary>
    public ReadOnlySpan<float> SimilaritiesOf(int at) => _similarities[at];

    /// <param name="at">A line.</param>
    /// <param name="values">[<see cref="OfLine"/>]; overwritten.</param>
    public void FillLine(int at, Span<float> values)
    {
        values.Clear();
        var line = _lines[at];
        line.Observed.Traits.CopyTo(values);
        var f = new FeatureRow<WindowLineFeature>(values[LineTraits.Count..]);
        f[WindowLineFeature.Opens] = line.Opens / 3;
        f[WindowLineFeature.MentionsSomeone] = line.Observed.Mentions.Count > 0 ? 1 : 0;
        f[WindowLineFeature.EarlierLinesOfSpeaker] = FeatureScale.Lines(line.Observed.EarlierLinesOfSpeaker);
        f[WindowLineFeature.MinutesSincePreviousLine] = at == 0 ? 2 : _gaps[at];
        f[WindowLineFeature.MinutesToNextLine] = at == Count - 1 ? 2 : _gaps[at + 1];
        f[WindowLineFeature.RoomMentionRate] = line.MentionRate;
        f[WindowLineFeature.RoomSlowness] = MathF.Log(line.Slowness);
        f[WindowLineFeature.HasEmbedding] = line.Observed.Embedding is null ? 0 : 1;
    }

    /// <summary>The same for rows that hold nothing else.</summary>
    public void FillPairs(int at, Span<float> rows) => FillPairs(at, rows, OfPair);

    /// <summary>Fills the features of a line and each earlier one within reach.</summary>
    /// <param name="at">The later line.</param>
    /// <param name="rows">[<see cref="EarlierOf"/>, <paramref name="width"/>], nearest first; the first <see cref="OfPair"/> columns are overwritten.</param>
    /// <param name="width">Of a row.</param>
    public void FillPairs(int at, Span<float> rows, int width)
    {
        var count = EarlierOf(at);
        var line = _lines[at];
        var observed = line.Observed;
        var mine = _speakers[at];
        var silence = 0f;
        FillTimes(at, count);
        FillScores(line, count);
        _ofCosines.Fill(_cosines, at, _groups[at]);
        _ofRarest.Fill(_rarest, at, _groups[at]);
        if (observed.Embedding is not null)
            _ofSimilarities.Fill(_similarities, at, _groups[at]);
        _call++;
        Array.Clear(_between);
        for (var n = 0; n < count; n++)
        {
            var earlier = at - 1 - n;
            var other = _lines[earlier].Observed;
            var theirs = _speakers[earlier];
            var row = rows.Slice(n * width, OfPair);
            RowOfSpeaker(at, theirs).CopyTo(row);
            var f = new FeatureRow<WindowPairFeature>(row);
            f[WindowPairFeature.Cosine] = 2 * _cosines[at][n];
            f[WindowPairFeature.CosineZScore] = (_cosines[at][n] - _cosineMeans[at]) / _cosineDeviations[at] / 3;
            f[WindowPairFeature.SharedWordRarity] = Math.Min(20, _rarities[at][n]) / 10;
            f[WindowPairFeature.RarestSharedWord] = _rarest[at][n] / 5;
            if (n < line.Links.Length)
            {
                f[WindowPairFeature.SameOdds] = Math.Clamp(line.Same[n], -8, 8) / 3;
                f[WindowPairFeature.Link] = _links[n] / 3;
                f[WindowPairFeature.Join] = _joins[n] / 3;
                f[WindowPairFeature.IsCandidate] = 1;
            }
            else
                f[WindowPairFeature.Link] = f[WindowPairFeature.Join] = -3;

            silence = Math.Max(silence, _gaps[earlier + 1]);
            f[WindowPairFeature.Minutes] = _logMinutes[n] / 2;
            f[WindowPairFeature.LineDistance] = FeatureScale.Lines(n + 1);
            f[WindowPairFeature.DecayOverTenSeconds] = _decaysOverTenSeconds[n];
            f[WindowPairFeature.DecayOverOneMinute] = _decaysOverOneMinute[n];
            f[WindowPairFeature.DecayOverTenMinutes] = _decaysOverTenMinutes[n];
            f[WindowPairFeature.IsAfterLongPause] = _minutes[n] > LongPause ? 1 : 0;
            f[WindowPairFeature.GreatestSilenceBetween] = silence;
            f[WindowPairFeature.PausesBetween] = FeatureScale.Lines(_pausesBefore[at] - _pausesBefore[earlier]);
            var mentionsMe = _mentions[earlier].AsSpan().Contains(mine);
            f[WindowPairFeature.EarlierMentionsSpeaker] = mentionsMe ? 1 : 0;
            f[WindowPairFeature.EarlierMentionsOthersOnly] = _mentions[earlier].Length > 0 && !mentionsMe ? 1 : 0;
            f[WindowPairFeature.SharesAddressee] = SharesAddressee(at, earlier) ? 1 : 0;
            f[WindowPairFeature.LinesBetweenOfSpeaker] = FeatureScale.Lines(_between[mine]);
            f[WindowPairFeature.LinesBetweenOfEarlierSpeaker] = FeatureScale.Lines(_between[theirs]);
            _between[theirs]++;
            var otherGroup = _groups[earlier];
            f[WindowPairFeature.CosineToEarlierGroup] = 2 * _ofCosines.ToGroup(otherGroup);
            f[WindowPairFeature.CosineOfGroupToEarlier] = 2 * _ofCosines.OfGroup(earlier);
            f[WindowPairFeature.CosineOfGroups] = 2 * _ofCosines.OfGroups(otherGroup);
            f[WindowPairFeature.RarestSharedWordWithEarlierGroup] = _ofRarest.ToGroup(otherGroup) / 5;
            f[WindowPairFeature.RarestSharedWordOfGroup] = _ofRarest.OfGroup(earlier) / 5;
            f[WindowPairFeature.IsSameOnlineConversation] = observed.Conversation >= 0 && observed.Conversation == other.Conversation ? 1 : 0;
            if (observed.Embedding is null || other.Embedding is null)
                continue;
            f[WindowPairFeature.Similarity] = _similarities[at][n];
            f[WindowPairFeature.SimilarityOfGroups] = (_ofSimilarities.ToGroup(otherGroup) + _ofSimilarities.OfGroup(earlier)) / 2;
            f[WindowPairFeature.HasEmbeddings] = 1;
        }
    }

    /// <summary>The functions of the time that has passed, of all earlier lines together.</summary>
    private void FillTimes(int at, int count)
    {
        for (var n = 0; n < count; n++)
        {
            var minutes = Math.Max(0, (_lines[at].Observed.At - _lines[at - 1 - n].Observed.At).TotalMinutes);
            _logMinutes[n] = (float)(1 + minutes);
            _minutes[n] = (float)minutes;
        }

        var all = _minutes.AsSpan(0, count);
        TensorPrimitives.Log(_logMinutes.AsSpan(0, count), _logMinutes);
        Decay(all, -6, _decaysOverTenSeconds);
        Decay(all, -1, _decaysOverOneMinute);
        Decay(all, -0.1f, _decaysOverTenMinutes);

        static void Decay(ReadOnlySpan<float> minutes, float pace, float[] decays)
        {
            var result = decays.AsSpan(0, minutes.Length);
            TensorPrimitives.Multiply(minutes, pace, result);
            TensorPrimitives.Exp(result, result);
        }
    }

    private void FillScores(ScoredLine line, int count)
    {
        Soften(line.Links, _links);
        Soften(line.Joins, _joins);

        // ln(p + 0.0001)
        void Soften(float[] logarithms, float[] values)
        {
            var some = values.AsSpan(0, Math.Min(count, logarithms.Length));
            TensorPrimitives.Exp(logarithms.AsSpan(0, some.Length), some);
            TensorPrimitives.Add(some, 1e-4f, some);
            TensorPrimitives.Log(some, some);
        }
    }

    /// <summary>A row with what depends on the earlier line's speaker alone; the other features are 0.</summary>
    private ReadOnlySpan<float> RowOfSpeaker(int at, int theirs)
    {
        var row = _rowsOfSpeakers.AsSpan(theirs * OfPair, OfPair);
        if (_calls[theirs] == _call)
            return row;
        _calls[theirs] = _call;
        var f = new FeatureRow<WindowPairFeature>(row);
        var mine = _speakers[at];
        var mentionsThem = _mentions[at].AsSpan().Contains(theirs);
        var near = _near[mine]?[theirs] ?? 0;
        f[WindowPairFeature.IsBySameSpeaker] = mine == theirs ? 1 : 0;
        f[WindowPairFeature.MentionsEarlierSpeaker] = mentionsThem ? 1 : 0;
        f[WindowPairFeature.MentionsOthersOnly] = _mentions[at].Length > 0 && !mentionsThem ? 1 : 0;
        f[WindowPairFeature.SpeakersNearEachOther] = FeatureScale.Lines(near);
        f[WindowPairFeature.SpeakerAssociation] = MathF.Log((near * (float)_nearTotal / ((_nearOf[mine] * (float)_nearOf[theirs]) + 1)) + 0.1f) / 2;
        f[WindowPairFeature.MentionsBetweenSpeakers] = FeatureScale.Lines(_mentionCounts[mine]?[theirs] ?? 0);
        f[WindowPairFeature.MentionsBetweenEarlierSpeaker] = FeatureScale.Lines(_mentionCounts[theirs]?[mine] ?? 0);
        return row;
    }

    private int[] GroupOf(int at)
    {
        var group = new List<int>();
        for (var other = Math.Max(0, at - GroupLines); other <= at + GroupLines && other < _lines.Count; other++)
        {
            if (other != at && _speakers[other] == _speakers[at] && Math.Abs((_lines[other].Observed.At - _lines[at].Observed.At).TotalSeconds) < GroupSeconds)
                group.Add(other);
        }

        return [.. group];
    }

    private void Compare()
    {
        var vectors = _lines.Select(line => line.Observed.Vector).ToArray();
        for (var at = 0; at < Count; at++)
        {
            // The linker compared a line with its candidates; only those further back are left.
            var cosines = _cosines[at] = new float[EarlierOf(at)];
            var known = _lines[at].Observed.Cosines.AsSpan();
            known = known[..Math.Min(known.Length, cosines.Length)];
            known.CopyTo(cosines);
            var rest = cosines.AsSpan(known.Length);
            vectors[at].Compare(new ArraySegment<NgramVector>(vectors, at - cosines.Length, rest.Length), rest);
            rest.Reverse();
            var mean = cosines.Length == 0 ? 0 : TensorPrimitives.Sum<float>(cosines) / cosines.Length;
            (_cosineMeans[at], _cosineDeviations[at]) = (mean, MathF.Sqrt(Math.Max(0, cosines.Length == 0 ? 0 : (TensorPrimitives.SumOfSquares<float>(cosines) / cosines.Length) - (mean * mean))) + 0.02f);
            _similarities[at] = new float[cosines.Length];
        }

        NormalizeSimilarities();
    }

    /// <summary>Cosines of the lines' embeddings as deviations from the mean over all pairs of the window.</summary>
    private void NormalizeSimilarities()
    {
        var (sum, squares, pairs) = (0.0, 0.0, 0);
        for (var at = 0; at < Count; at++)
        {
            if (_lines[at].Observed.Embedding is not { } embedding)
                continue;
            for (var n = 0; n < _similarities[at].Length; n++)
            {
                if (_lines[at - 1 - n].Observed.Embedding is not { } other || other.Length != embedding.Length)
                    continue;
                var cosine = _similarities[at][n] = TensorPrimitives.Dot<float>(embedding, other);
                (sum, squares, pairs) = (sum + cosine, squares + (cosine * cosine), pairs + 1);
            }
        }

        if (pairs == 0)
            return;
        var mean = sum / pairs;
        var deviation = Math.Sqrt(Math.Max(0, (squares / pairs) - (mean * mean))) + 0.02;
        for (var at = 0; at < Count; at++)
        {
            for (var n = 0; n < _similarities[at].Length; n++)
            {
                if (_lines[at].Observed.Embedding is { } embedding && _lines[at - 1 - n].Observed.Embedding?.Length == embedding.Length)
                    _similarities[at][n] = (float)((_similarities[at][n] - mean) / deviation / 3);
            }
        }
    }

    private void ShareWords()
    {
        var linesWith = new Dictionary<int, List<int>>();
        for (var at = 0; at < Count; at++)
        {
            var (sums, greatest) = (_rarities[at], _rarest[at]) = (new float[EarlierOf(at)], new float[EarlierOf(at)]);
            foreach (var (stem, rarity) in _lines[at].Observed.Stems)
            {
                if (!linesWith.TryGetValue(stem, out var lines))
                    linesWith[stem] = lines = [];
                for (var i = lines.Count - 1; i >= 0 && at - lines[i] <= Reach; i--)
                {
                    var n = at - 1 - lines[i];
                    sums[n] += rarity;
                    greatest[n] = Math.Max(greatest[n], rarity);
                }

                lines.Add(at);
            }
        }
    }

    private void CountSpeakers()
    {
        for (var at = 0; at < Count; at++)
        {
            _pausesBefore[at] = at == 0 ? 0 : _pausesBefore[at - 1] + (_lines[at].Observed.At - _lines[at - 1].Observed.At > TimeSpan.FromMinutes(Pause) ? 1 : 0);
            foreach (var mentioned in _mentions[at])
                CountPair(_mentionCounts, _speakers[at], mentioned);
            for (var other = Math.Max(0, at - NearLines); other < at; other++)
            {
                if ((_lines[at].Observed.At - _lines[other].Observed.At).TotalSeconds >= NearSeconds)
                    continue;
                CountPair(_near, _speakers[at], _speakers[other]);
                CountPair(_near, _speakers[other], _speakers[at]);
                _nearOf[_speakers[at]]++;
                _nearOf[_speakers[other]]++;
                _nearTotal += 2;
            }
        }
    }

    private void CountPair(int[]?[] counts, int one, int other) => (counts[one] ??= new int[SpeakerCount])[other]++;

    private bool SharesAddressee(int one, int other)
    {
        foreach (var mentioned in _mentions[one])
        {
            if (_mentions[other].AsSpan().Contains(mentioned))
                return true;
        }

        return false;
    }
}
