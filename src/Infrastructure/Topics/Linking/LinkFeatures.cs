using System.Numerics.Tensors;
using AIChat.Infrastructure.Topics.Ngrams;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// What may tell whether one line answers another: numbers about the new line, about each candidate, and about the two together. Nothing that was not known when
/// the new line was said. Counts and times enter as logarithms, so that all lie within a few units of 0.
/// </summary>
internal sealed class LinkFeatures
{
    /// <summary>Numbers about the new line: its traits, its speaker, whom it calls, and the room.</summary>
    public const int OfLine = LineTraits.Count + 23;

    /// <summary>Numbers about a candidate by itself: its traits, its calls and its speaker then.</summary>
    public const int OfCandidate = LineTraits.Count + 4;

    /// <summary>Numbers about the two.</summary>
    public const int OfPair = 65;

    private readonly float[] _cosines = new float[LinkerState.Candidates];
    private readonly float[] _ofOwnLast = new float[LinkerState.Candidates];
    private readonly float[] _senses = new float[LinkerState.Candidates];
    private readonly float[] _ofOwnSense = new float[LinkerState.Candidates];
    private readonly NgramVector[] _vectors = new NgramVector[LinkerState.Candidates];
    private readonly Dictionary<int, float> _rarity = [];
    private readonly HashSet<string> _between = [];
    private readonly Dictionary<string, (float Words, float Sense)> _alikeOf = [];

    public float[] Line { get; } = new float[OfLine];

    /// <summary>[candidates, <see cref="OfPair"/>], row by row, newest first.</summary>
    public float[] Pairs { get; } = new float[LinkerState.Candidates * OfPair];

    /// <summary>Cosine similarity of each candidate to the line, newest first.</summary>
    public ReadOnlySpan<float> Cosines => _cosines.AsSpan(0, Count);

    /// <summary>How alike each candidate and the line are to a sentence encoder (<see cref="EmbeddingNormalizer.Similarity"/>), newest first; 0: not known.</summary>
    public ReadOnlySpan<float> Senses => _senses.AsSpan(0, Count);

    /// <summary>How many candidates there are.</summary>
    public int Count { get; private set; }

    /// <summary>The n-th newest line of talk.</summary>
    public static ObservedLine Candidate(LinkerState room, int n) => room.Recent[room.Recent.Count - 1 - n];

    public static float[] CandidateFeatures(ObservedLine line)
    {
        var features = new float[OfCandidate];
        line.Traits.CopyTo(features.AsSpan());
        features[LineTraits.Count] = line.SpeakerLine == 0 ? 1 : 0;
        features[LineTraits.Count + 1] = line.Calls.Count == 0 ? 0 : 1;
        features[LineTraits.Count + 2] = line.Calls.Any(call => call.Marked) ? 1 : 0;
        features[LineTraits.Count + 3] = line.Calls.Count > 1 ? 1 : 0;
        return features;
    }

    /// <summary>Fills <see cref="Line"/> and <see cref="Pairs"/> for a line that the room has heard and not yet taken in.</summary>
    public void Fill(LinkerState room, ObservedLine line)
    {
        Count = Math.Min(LinkerState.Candidates, room.Recent.Count);
        var me = room.HistoryOf(line.Speaker);
        for (var n = 0; n < Count; n++)
            _vectors[n] = Candidate(room, n).Vector;
        var vectors = new ArraySegment<NgramVector>(_vectors, 0, Count);
        line.Vector.Compare(vectors, _cosines.AsSpan(0, Count));
        if (me?.Last is { } own)
            own.Vector.Compare(vectors, _ofOwnLast.AsSpan(0, Count));
        else
            _ofOwnLast.AsSpan().Clear();
        for (var n = 0; n < Count; n++)
        {
            var other = Candidate(room, n).Embedding;
            _senses[n] = room.Embeddings.Similarity(line.Embedding, other);
            _ofOwnSense[n] = me?.Last is { } mine ? room.Embeddings.Similarity(mine.Embedding, other) : 0;
        }

        FillPairs(room, line, me);
        FillLine(room, line, me);
    }

    private void FillLine(LinkerState room, ObservedLine line, SpeakerHistory? me)
    {
        var f = Line.AsSpan();
        f.Clear();
        line.Traits.CopyTo(f);
        f = f[LineTraits.Count..];
        var slow = (float)Math.Log(room.Tempo.Slowness);
        if (me?.Last is { } own)
        {
            f[0] = 1;
            f[1] = Minutes(line.At - own.At);
            f[2] = Lines(line.Order - own.Order);
            f[3] = room.Recent[^1] == own ? 1 : 0;
            f[4] = Lines(me.LinesSince(line.Order - 51));
            f[5] = own.Calls.Count > 0 ? 1 : 0;
            f[6] = own.Traits[2];
        }

        var called = me?.CalledBy is { } caller && caller.Order > (me.Last?.Order ?? -1);
        f[7] = called ? 1 : 0;
        f[8] = called ? Lines(line.Order - me!.CalledBy!.Order) : 0;
        var (marked, plain, guessed) = (0, 0, 0);
        foreach (var call in line.Calls)
        {
            marked += call.Marked && !call.Guessed ? 1 : 0;
            guessed += call.Guessed ? 1 : 0;
            plain += call.Marked ? 0 : 1;
        }

        f[9] = Math.Min(2, marked) / 2f;
        f[10] = Math.Min(2, plain) / 2f;
        f[11] = guessed > 0 ? 1 : 0;
        f[12] = line.Calls.Count > 0 && room.HistoryOf(line.Calls[0].Speaker)?.Last is { } theirs ? Lines(line.Order - theirs.Order) : 0;
        f[13] = slow;
        f[14] = (float)room.Tempo.Naming;
        var newest = Math.Min(30, Count);
        _between.Clear();
        for (var n = 0; n < newest; n++)
            _between.Add(Candidate(room, n).Speaker);
        f[15] = newest == 0 ? 0 : _between.Count / (float)newest;
        f[16] = Count == 0 ? 0 : Minutes(line.At - room.Recent[^1].At);
        f[17] = newest == 0 ? 0 : Minutes(line.At - Candidate(room, newest - 1).At);
        var (greatest, sum) = (0f, 0f);
        foreach (var cosine in Cosines)
        {
            greatest = Math.Max(greatest, cosine);
            sum += cosine;
        }

        f[18] = 2 * greatest;
        f[19] = Count == 0 ? 0 : 4 * sum / Count;
        if (line.Embedding is null || Count == 0)
            return;
        f[20] = 1;
        f[21] = TensorPrimitives.Max(Senses);
        f[22] = TensorPrimitives.Sum(Senses) / Count;
    }

    private void FillPairs(LinkerState room, ObservedLine line, SpeakerHistory? me)
    {
        _rarity.Clear();
        foreach (var (stem, rarity) in line.Words)
            _rarity[stem] = rarity;
        var (mean, deviation, greatest) = Spread(_cosines.AsSpan(0, Count));
        var (meanSense, deviationOfSense, greatestSense) = Spread(Senses);
        var (ownMean, ownDeviation, _) = Spread(_ofOwnLast.AsSpan(0, Count));
        var slowness = room.Tempo.Slowness;
        _between.Clear();
        _alikeOf.Clear();
        var (alone, distance) = (true, 0);
        var lastPartner = me?.Last is { Calls.Count: > 0 } before ? before.Calls[0].Speaker : null;
        for (var n = 0; n < Count; n++)
        {
            var other = Candidate(room, n);
            var them = room.HistoryOf(other.Speaker);
            var f = Pairs.AsSpan(n * OfPair, OfPair);
            f.Clear();
            distance = line.Order - other.Order;
            var gap = line.At - other.At;
            var same = other.Speaker == line.Speaker;
            var (marked, plain, guessed) = CallOf(line, other.Speaker);
            f[0] = Lines(distance);
            f[1] = distance == 1 ? 1 : 0;
            f[2] = distance == 2 ? 1 : 0;
            f[3] = distance is > 2 and <= 5 ? 1 : 0;
            f[4] = distance is > 5 and <= 12 ? 1 : 0;
            f[5] = Minutes(gap);
            f[6] = Minutes(gap / slowness);
            f[7] = (float)Math.Exp(-Math.Max(0, gap.TotalSeconds) / 10);
            f[8] = (float)Math.Exp(-Math.Max(0, gap.TotalSeconds) / 60);
            f[9] = same ? 1 : 0;
            f[10] = them?.Last == other ? 1 : 0;
            f[11] = Lines(them?.LinesSince(other.Order) ?? 0);
            var mine = me?.LinesSince(other.Order) ?? 0;
            f[12] = Lines(mine);
            f[13] = mine == 0 && !same ? 1 : 0;
            f[14] = marked ? 1 : 0;
            f[15] = plain ? 1 : 0;
            f[16] = guessed ? 1 : 0;
            f[17] = line.Calls.Count > 0 && !marked && !plain && !guessed ? 1 : 0;
            var callsMe = other.CallsSomebody(line.Speaker);
            f[18] = callsMe ? 1 : 0;
            f[19] = other.Calls.Count > 0 && !callsMe ? 1 : 0;
            f[20] = SharesCall(line, other) ? 1 : 0;
            f[21] = me?.CalledBy == other ? 1 : 0;
            f[22] = Since(line.Order, me?.LastCallOf(other.Speaker));
            f[23] = Since(line.Order, them?.LastCallOf(line.Speaker));
            f[24] = lastPartner == other.Speaker ? 1 : 0;
            f[25] = me?.CalledBy?.Speaker == other.Speaker ? 1 : 0;
            f[26] = Lines(them?.CallsSince(other.Order) ?? 0);
            f[27] = Lines(_between.Count);
            f[28] = alone ? 1 : 0;
            f[29] = 2 * _cosines[n];
            f[30] = (_cosines[n] - mean) / deviation / 3;
            f[31] = _cosines[n] >= greatest && greatest > 0 ? 1 : 0;
            var (shared, weight, rarest) = Overlap(other);
            f[32] = Math.Min(4, shared) / 4f;
            f[33] = weight / 10;
            f[34] = rarest / 5;
            f[35] = 2 * _ofOwnLast[n];
            f[36] = same ? 0 : (_ofOwnLast[n] - ownMean) / ownDeviation / 3;
            // The best likeness of what this candidate's speaker said after it: later lines may have gone on about it.
            var later = _alikeOf.GetValueOrDefault(other.Speaker);
            f[37] = 2 * later.Words;
            _alikeOf[other.Speaker] = (Math.Max(later.Words, _cosines[n]), Math.Max(later.Sense, _senses[n]));
            f[38] = Lines(me?.Followed(other.Speaker) ?? 0);
            f[39] = Lines(them?.Followed(line.Speaker) ?? 0);
            f[40] = me?.Last == other ? 1 : 0;
            f[41] = NamesMe(other, line) ? 1 : 0;
            f[42] = CalledByMeSince(me, other) ? 1 : 0;
            f[43] = SameTurn(room, n, line.Speaker) ? 1 : 0;
            f[44] = other.Traits[2] * (1 - line.Traits[2]);
            f[45] = Math.Abs(other.Traits[20] - line.Traits[20]);
            f[46] = other.SpeakerLine == 0 ? 1 : 0;
            f[47] = 1;
            f[48] = !same && other.AnsweredSpeaker == line.Speaker ? 1 : 0;
            f[49] = !same && me?.Last?.AnsweredSpeaker == other.Speaker ? 1 : 0;
            f[50] = me?.Last?.AnsweredOrder == other.Order ? 1 : 0;
            f[51] = me?.Last is { } mineBefore && other.AnsweredOrder == mineBefore.Order ? 1 : 0;
            f[52] = Lines(other.AnswerCount);
            f[53] = other.AnsweredSpeaker is null ? 1 : 0;
            var answered = line.Order - other.AnsweredOrder - 1;
            f[55] = other.AnsweredOrder >= 0 && answered < Count ? 2 * _cosines[answered] : 0;
            f[56] = Since(line.Order, me?.LastAnswerTo(other.Speaker));
            f[57] = Since(line.Order, them?.LastAnswerTo(line.Speaker));
            f[54] = me?.Last is { } mineLast && mineLast.AnsweredOrder >= 0 && mineLast.AnsweredOrder == other.AnsweredOrder ? 1 : 0;
            if (line.Embedding is { } sense && other.Embedding?.Length == sense.Length)
            {
                f[58] = 1;
                f[59] = _senses[n];
                f[60] = (_senses[n] - meanSense) / deviationOfSense / 3;
                f[61] = _senses[n] >= greatestSense && greatestSense > 0 ? 1 : 0;
                f[62] = same ? 0 : _ofOwnSense[n];
                f[63] = later.Sense;
                f[64] = other.AnsweredOrder >= 0 && answered < Count ? _senses[answered] : 0;
            }

            if (!same)
                _between.Add(other.Speaker);
            alone &= same || other.Speaker == Candidate(room, 0).Speaker;
        }
    }

    private static (bool Marked, bool Plain, bool Guessed) CallOf(ObservedLine line, string speaker)
    {
        foreach (var call in line.Calls)
        {
            if (call.Speaker == speaker)
                return (call.Marked && !call.Guessed, !call.Marked, call.Guessed);
        }

        return default;
    }

    private static bool SharesCall(ObservedLine line, ObservedLine other)
    {
        foreach (var call in line.Calls)
        {
            if (other.CallsSomebody(call.Speaker))
                return true;
        }

        return false;
    }

    /// <summary>Whether the candidate is of somebody who was called by the line's speaker in the speaker's own last line, or the other way round.</summary>
    private static bool NamesMe(ObservedLine other, ObservedLine line) => other.Speaker != line.Speaker && other.CallsSomebody(line.Speaker) && line.CallsSomebody(other.Speaker);

    private static bool CalledByMeSince(SpeakerHistory? me, ObservedLine other) => me is not null && me.LastCallOf(other.Speaker) > other.Order;

    /// <summary>Whether the line right after the candidate was the speaker's own: they answered it already.</summary>
    private static bool SameTurn(LinkerState room, int n, string speaker) => n > 0 && Candidate(room, n - 1).Speaker == speaker;

    private (int Shared, float Weight, float Rarest) Overlap(ObservedLine other)
    {
        var (shared, weight, rarest) = (0, 0f, 0f);
        foreach (var (stem, _) in other.Words)
        {
            if (!_rarity.TryGetValue(stem, out var rarity))
                continue;
            shared++;
            weight += rarity;
            rarest = Math.Max(rarest, rarity);
        }

        return (shared, weight, rarest);
    }

    private static (float Mean, float Deviation, float Greatest) Spread(ReadOnlySpan<float> values)
    {
        var (sum, squares, greatest) = (0f, 0f, 0f);
        foreach (var value in values)
        {
            sum += value;
            squares += value * value;
            greatest = Math.Max(greatest, value);
        }

        var count = Math.Max(1, values.Length);
        var mean = sum / count;
        return (mean, MathF.Sqrt(Math.Max(0, (squares / count) - (mean * mean))) + 0.02f, greatest);
    }

    private static float Minutes(TimeSpan gap) => (float)Math.Log(1 + Math.Max(0, gap.TotalMinutes)) / 2;

    private static float Lines(int count) => MathF.Log(1 + count) / 2;

    private static float Since(int order, int? then) => then is { } at and >= 0 ? 1 / (1 + Lines(order - at)) : 0;
}
