using System.Numerics.Tensors;
using AIChat.Infrastructure.Topics.Ngrams;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// The features of a new line and its candidates: of the line (<see cref="LineFeature"/>), of each candidate (<see cref="CandidateFeature"/>), and of each pair of
/// the two (<see cref="PairFeature"/>). All of them were known when the line was said.
/// </summary>
internal sealed class LinkFeatures
{
    /// <summary>Width of <see cref="Line"/>: <see cref="LineTrait"/>s, then <see cref="LineFeature"/>s.</summary>
    public const int OfLine = LineTraits.Count + (int)LineFeature.MeanSimilarity + 1;

    /// <summary>Width of a candidate's own features: <see cref="LineTrait"/>s, then <see cref="CandidateFeature"/>s.</summary>
    public const int OfCandidate = LineTraits.Count + (int)CandidateFeature.HasSeveralMentions + 1;

    /// <summary>Width of a row of <see cref="Pairs"/>: <see cref="PairFeature"/>s.</summary>
    public const int OfPair = (int)PairFeature.SimilarityOfCandidateAntecedent + 1;

    /// <summary>Lines over which speakers are counted.</summary>
    private const int Newest = 30;

    private readonly float[] _cosines = new float[LinkerState.Candidates];
    private readonly float[] _cosinesToSpeakerLast = new float[LinkerState.Candidates];
    private readonly float[] _similarities = new float[LinkerState.Candidates];
    private readonly float[] _similaritiesToSpeakerLast = new float[LinkerState.Candidates];
    private readonly float[] _logMinutes = new float[LinkerState.Candidates];
    private readonly float[] _logMinutesAtTempo = new float[LinkerState.Candidates];
    private readonly float[] _decaysOverTenSeconds = new float[LinkerState.Candidates];
    private readonly float[] _decaysOverOneMinute = new float[LinkerState.Candidates];
    private readonly ObservedLine[] _candidates = new ObservedLine[LinkerState.Candidates];
    private readonly NgramVector[] _vectors = new NgramVector[LinkerState.Candidates];
    private readonly List<int> _uncompared = [];
    private readonly float[] _rest = new float[LinkerState.Candidates];
    private readonly StemRarities _rarities = new();
    private readonly CandidateSpeaker[] _speakers = [.. Enumerable.Range(0, LinkerState.Candidates).Select(_ => new CandidateSpeaker())];
    private int _speakerCount;
    private int _speakersOfNewest;

    public float[] Line { get; } = new float[OfLine];

    /// <summary>[candidates, <see cref="OfPair"/>], row by row, newest first.</summary>
    public float[] Pairs { get; } = new float[LinkerState.Candidates * OfPair];

    /// <summary>Cosine similarity of each candidate to the line, newest first.</summary>
    public ReadOnlySpan<float> Cosines => _cosines.AsSpan(0, Count);

    /// <summary>Similarity of each candidate's embedding to the line's (<see cref="EmbeddingNormalizer.Similarity"/>), newest first; 0: one of them has none.</summary>
    public ReadOnlySpan<float> Similarities => _similarities.AsSpan(0, Count);

    /// <summary>Number of candidates.</summary>
    public int Count { get; private set; }

    /// <summary>The line's own features as a candidate: [<see cref="OfCandidate"/>].</summary>
    public static float[] CandidateFeatures(ObservedLine line)
    {
        var features = new float[OfCandidate];
        line.Traits.CopyTo(features.AsSpan());
        var f = new FeatureRow<CandidateFeature>(features.AsSpan(LineTraits.Count));
        f[CandidateFeature.IsFirstLineOfSpeaker] = line.EarlierLinesOfSpeaker == 0 ? 1 : 0;
        f[CandidateFeature.MentionsSomeone] = line.Mentions.Count == 0 ? 0 : 1;
        f[CandidateFeature.HasMarkedMention] = line.Mentions.Any(mention => mention.Marked) ? 1 : 0;
        f[CandidateFeature.HasSeveralMentions] = line.Mentions.Count > 1 ? 1 : 0;
        return features;
    }

    /// <summary>Fills <see cref="Line"/> and <see cref="Pairs"/> for an observed line that <paramref name="state"/> does not contain yet.</summary>
    public void Fill(LinkerState state, ObservedLine line)
    {
        Count = Math.Min(LinkerState.Candidates, state.Recent.Count);
        var history = state.HistoryOf(line.Speaker);
        for (var n = 0; n < Count; n++)
        {
            _candidates[n] = state.Candidate(n);
            _vectors[n] = _candidates[n].Vector;
        }

        line.Vector.Compare(new ArraySegment<NgramVector>(_vectors, 0, Count), _cosines.AsSpan(0, Count));
        line.Cosines = _cosines[..Count];
        CompareSpeakerLast(history?.Last);
        for (var n = 0; n < Count; n++)
        {
            var embedding = _candidates[n].Embedding;
            _similarities[n] = state.Embeddings.Similarity(line.Embedding, embedding);
            _similaritiesToSpeakerLast[n] = history?.Last is { } spoken ? state.Embeddings.Similarity(spoken.Embedding, embedding) : 0;
        }

        FillTimes(line, state.Tempo.Slowness);
        FillPairs(state, line, history);
        FillLine(state, line, history);
    }

    /// <summary>Of two lines one was compared with the other when it was new, unless it had no choice or they lie far apart.</summary>
    private void CompareSpeakerLast(ObservedLine? last)
    {
        _cosinesToSpeakerLast.AsSpan().Clear();
        if (last is null)
            return;
        _uncompared.Clear();
        for (var n = 0; n < Count; n++)
        {
            var candidate = _candidates[n];
            var (later, distance) = candidate.Order > last.Order ? (candidate, candidate.Order - last.Order) : (last, last.Order - candidate.Order);
            if (distance > 0 && distance <= later.Cosines.Length)
                _cosinesToSpeakerLast[n] = later.Cosines[distance - 1];
            else
                _uncompared.Add(n);
        }

        for (var i = 0; i < _uncompared.Count; i++)
            _vectors[i] = _candidates[_uncompared[i]].Vector;
        last.Vector.Compare(new ArraySegment<NgramVector>(_vectors, 0, _uncompared.Count), _rest);
        for (var i = 0; i < _uncompared.Count; i++)
            _cosinesToSpeakerLast[_uncompared[i]] = _rest[i];
    }

    /// <summary>The functions of the time that has passed, of all candidates together.</summary>
    private void FillTimes(ObservedLine line, double slowness)
    {
        for (var n = 0; n < Count; n++)
        {
            var minutes = Math.Max(0, (line.At - _candidates[n].At).TotalMinutes);
            _logMinutes[n] = (float)(1 + minutes);
            _logMinutesAtTempo[n] = (float)(1 + (minutes / slowness));
            _decaysOverTenSeconds[n] = (float)(-6 * minutes);
            _decaysOverOneMinute[n] = (float)-minutes;
        }

        Apply(TensorPrimitives.Log, _logMinutes);
        Apply(TensorPrimitives.Log, _logMinutesAtTempo);
        Apply(TensorPrimitives.Exp, _decaysOverTenSeconds);
        Apply(TensorPrimitives.Exp, _decaysOverOneMinute);

        void Apply(Action<ReadOnlySpan<float>, Span<float>> function, float[] values) => function(values.AsSpan(0, Count), values.AsSpan(0, Count));
    }

    private void FillLine(LinkerState state, ObservedLine line, SpeakerHistory? history)
    {
        Line.AsSpan().Clear();
        line.Traits.CopyTo(Line.AsSpan());
        var f = new FeatureRow<LineFeature>(Line.AsSpan(LineTraits.Count));
        if (history?.Last is { } last)
        {
            f[LineFeature.HasSpokenBefore] = 1;
            f[LineFeature.MinutesSinceSpeakerLastLine] = FeatureScale.Minutes(line.At - last.At);
            f[LineFeature.LinesSinceSpeakerLastLine] = FeatureScale.Lines(line.Order - last.Order);
            f[LineFeature.SpeakerSaidPreviousLine] = ReferenceEquals(_candidates[0], last) ? 1 : 0;
            f[LineFeature.SpeakerLinesAmongLastFifty] = FeatureScale.Lines(history.LinesSince(line.Order - 51));
            f[LineFeature.SpeakerLastLineMentionsSomeone] = last.Mentions.Count > 0 ? 1 : 0;
            f[LineFeature.SpeakerLastLineHasQuestionMark] = last.Trait(LineTrait.HasQuestionMark);
        }

        var isMentioned = history?.LastMention is { } mentioning && mentioning.Order > (history.Last?.Order ?? -1);
        f[LineFeature.WasMentionedSince] = isMentioned ? 1 : 0;
        f[LineFeature.LinesSinceMention] = isMentioned ? FeatureScale.Lines(line.Order - history!.LastMention!.Order) : 0;
        var (marked, plain, guessed) = (0, 0, 0);
        foreach (var mention in line.Mentions)
        {
            marked += mention.Marked && !mention.Guessed ? 1 : 0;
            guessed += mention.Guessed ? 1 : 0;
            plain += mention.Marked ? 0 : 1;
        }

        f[LineFeature.MarkedMentions] = Math.Min(2, marked) / 2f;
        f[LineFeature.PlainMentions] = Math.Min(2, plain) / 2f;
        f[LineFeature.HasGuessedMention] = guessed > 0 ? 1 : 0;
        f[LineFeature.LinesSinceAddresseeSpoke] = line.Mentions.Count > 0 && state.HistoryOf(line.Mentions[0].Speaker)?.Last is { } spoken ? FeatureScale.Lines(line.Order - spoken.Order) : 0;
        f[LineFeature.RoomSlowness] = (float)Math.Log(state.Tempo.Slowness);
        f[LineFeature.RoomMentionRate] = (float)state.Tempo.MentionRate;
        var newest = Math.Min(Newest, Count);
        f[LineFeature.DistinctSpeakerShare] = newest == 0 ? 0 : _speakersOfNewest / (float)newest;
        f[LineFeature.MinutesSincePreviousLine] = Count == 0 ? 0 : FeatureScale.Minutes(line.At - state.Recent[^1].At);
        f[LineFeature.MinutesSinceThirtiethLine] = newest == 0 ? 0 : FeatureScale.Minutes(line.At - state.Candidate(newest - 1).At);
        var (greatest, sum) = (0f, 0f);
        foreach (var cosine in Cosines)
        {
            greatest = Math.Max(greatest, cosine);
            sum += cosine;
        }

        f[LineFeature.GreatestCosine] = 2 * greatest;
        f[LineFeature.MeanCosine] = Count == 0 ? 0 : 4 * sum / Count;
        if (line.Embedding is null || Count == 0)
            return;
        f[LineFeature.HasEmbedding] = 1;
        f[LineFeature.GreatestSimilarity] = TensorPrimitives.Max(Similarities);
        f[LineFeature.MeanSimilarity] = TensorPrimitives.Sum(Similarities) / Count;
    }

    private void FillPairs(LinkerState state, ObservedLine line, SpeakerHistory? history)
    {
        _rarities.Set(line.Stems);
        var (mean, deviation, greatest) = Spread(_cosines.AsSpan(0, Count));
        var (meanSimilarity, similarityDeviation, greatestSimilarity) = Spread(Similarities);
        var (speakerLastMean, speakerLastDeviation, _) = Spread(_cosinesToSpeakerLast.AsSpan(0, Count));
        _speakerCount = 0;
        var (speakersBetween, speakerLines, noThirdSpeaker) = (0, 0, true);
        var (last, lastMention) = (history?.Last, history?.LastMention);
        var (lastOrder, lastAntecedent) = (last?.Order ?? -2, last?.AntecedentOrder ?? -2);
        var number = history?.Number ?? -1;
        var hangulShare = line.Trait(LineTrait.HangulShare);
        var asks = line.Trait(LineTrait.HasQuestionMark) == 1;
        for (var n = 0; n < Count; n++)
        {
            var candidate = _candidates[n];
            var speaker = SpeakerOf(state.HistoryOf(candidate)!, candidate.Speaker, line, history, out var isNew);
            var same = candidate.SpeakerNumber == number;
            var row = Pairs.AsSpan(n * OfPair, OfPair);
            speaker.Row.CopyTo(row);
            var f = new FeatureRow<PairFeature>(row);
            var distance = line.Order - candidate.Order;
            f[PairFeature.LineDistance] = FeatureScale.Lines(distance);
            f[PairFeature.IsPreviousLine] = distance == 1 ? 1 : 0;
            f[PairFeature.IsTwoLinesBack] = distance == 2 ? 1 : 0;
            f[PairFeature.IsThreeToFiveLinesBack] = distance is > 2 and <= 5 ? 1 : 0;
            f[PairFeature.IsSixToTwelveLinesBack] = distance is > 5 and <= 12 ? 1 : 0;
            f[PairFeature.Minutes] = _logMinutes[n] / 2;
            f[PairFeature.MinutesAtRoomTempo] = _logMinutesAtTempo[n] / 2;
            f[PairFeature.DecayOverTenSeconds] = _decaysOverTenSeconds[n];
            f[PairFeature.DecayOverOneMinute] = _decaysOverOneMinute[n];
            f[PairFeature.IsLastLineOfItsSpeaker] = ReferenceEquals(speaker.History.Last, candidate) ? 1 : 0;
            speaker.Lines = speaker.History.LinesSince(candidate.Order, speaker.Lines);
            f[PairFeature.CandidateSpeakerLinesSince] = FeatureScale.Lines(speaker.Lines);
            speakerLines = history?.LinesSince(candidate.Order, speakerLines) ?? 0;
            f[PairFeature.SpeakerLinesSince] = FeatureScale.Lines(speakerLines);
            f[PairFeature.IsSpeakerSilentSince] = speakerLines == 0 && !same ? 1 : 0;
            var addressesSpeaker = candidate.Addresses(line.Speaker);
            f[PairFeature.CandidateAddressesSpeaker] = addressesSpeaker ? 1 : 0;
            f[PairFeature.CandidateAddressesOthersOnly] = candidate.Mentions.Count > 0 && !addressesSpeaker ? 1 : 0;
            f[PairFeature.SharesAddressee] = SharesAddressee(line, candidate) ? 1 : 0;
            f[PairFeature.IsLastMentionOfSpeaker] = ReferenceEquals(lastMention, candidate) ? 1 : 0;
            speaker.Mentions = speaker.History.MentionsSince(candidate.Order, speaker.Mentions);
            f[PairFeature.MentionsOfCandidateSpeakerSince] = FeatureScale.Lines(speaker.Mentions);
            f[PairFeature.SpeakersBetween] = FeatureScale.Lines(speakersBetween);
            f[PairFeature.NoThirdSpeakerBetween] = noThirdSpeaker ? 1 : 0;
            f[PairFeature.Cosine] = 2 * _cosines[n];
            f[PairFeature.CosineZScore] = (_cosines[n] - mean) / deviation / 3;
            f[PairFeature.HasGreatestCosine] = _cosines[n] >= greatest && greatest > 0 ? 1 : 0;
            var (shared, weight, rarest) = _rarities.Shared(candidate.Stems);
            f[PairFeature.SharedWords] = Math.Min(4, shared) / 4f;
            f[PairFeature.SharedWordRarity] = weight / 10;
            f[PairFeature.RarestSharedWord] = rarest / 5;
            f[PairFeature.CosineToSpeakerLastLine] = 2 * _cosinesToSpeakerLast[n];
            f[PairFeature.CosineToSpeakerLastLineZScore] = same ? 0 : (_cosinesToSpeakerLast[n] - speakerLastMean) / speakerLastDeviation / 3;
            // Candidates come newest first: what is known of this speaker here, they said after the candidate.
            f[PairFeature.GreatestLaterCosineOfCandidateSpeaker] = 2 * speaker.GreatestCosine;
            f[PairFeature.IsSpeakerLastLine] = ReferenceEquals(last, candidate) ? 1 : 0;
            f[PairFeature.AddressEachOther] = !same && addressesSpeaker && speaker.IsMentioned ? 1 : 0;
            f[PairFeature.SpeakerMentionedCandidateSpeakerSince] = speaker.LastMention > candidate.Order ? 1 : 0;
            f[PairFeature.SpeakerSpokeRightAfter] = n > 0 && _candidates[n - 1].SpeakerNumber == number ? 1 : 0;
            f[PairFeature.OnlyCandidateHasQuestionMark] = asks ? 0 : candidate.Trait(LineTrait.HasQuestionMark);
            f[PairFeature.HangulShareDifference] = Math.Abs(candidate.Trait(LineTrait.HangulShare) - hangulShare);
            f[PairFeature.IsFirstLineOfItsSpeaker] = candidate.EarlierLinesOfSpeaker == 0 ? 1 : 0;
            f[PairFeature.CandidateAnsweredSpeaker] = !same && candidate.AntecedentSpeaker == line.Speaker ? 1 : 0;
            f[PairFeature.SpeakerLastAnsweredCandidate] = lastAntecedent == candidate.Order ? 1 : 0;
            f[PairFeature.CandidateAnsweredSpeakerLastLine] = candidate.AntecedentOrder == lastOrder ? 1 : 0;
            f[PairFeature.AnswerCount] = FeatureScale.Lines(candidate.AnswerCount);
            f[PairFeature.CandidateAnsweredNobody] = candidate.AntecedentSpeaker is null ? 1 : 0;
            var antecedent = line.Order - candidate.AntecedentOrder - 1;
            f[PairFeature.CosineOfCandidateAntecedent] = candidate.AntecedentOrder >= 0 && antecedent < Count ? 2 * _cosines[antecedent] : 0;
            f[PairFeature.SharesAntecedentWithSpeakerLastLine] = lastAntecedent >= 0 && lastAntecedent == candidate.AntecedentOrder ? 1 : 0;
            if (line.Embedding is { } embedding && candidate.Embedding?.Length == embedding.Length)
            {
                f[PairFeature.HasEmbeddings] = 1;
                f[PairFeature.Similarity] = _similarities[n];
                f[PairFeature.SimilarityZScore] = (_similarities[n] - meanSimilarity) / similarityDeviation / 3;
                f[PairFeature.HasGreatestSimilarity] = _similarities[n] >= greatestSimilarity && greatestSimilarity > 0 ? 1 : 0;
                f[PairFeature.SimilarityToSpeakerLastLine] = same ? 0 : _similaritiesToSpeakerLast[n];
                f[PairFeature.GreatestLaterSimilarityOfCandidateSpeaker] = speaker.GreatestSimilarity;
                f[PairFeature.SimilarityOfCandidateAntecedent] = candidate.AntecedentOrder >= 0 && antecedent < Count ? _similarities[antecedent] : 0;
            }

            speaker.GreatestCosine = Math.Max(speaker.GreatestCosine, _cosines[n]);
            speaker.GreatestSimilarity = Math.Max(speaker.GreatestSimilarity, _similarities[n]);
            speakersBetween += isNew && !same ? 1 : 0;
            noThirdSpeaker &= same || candidate.SpeakerNumber == _candidates[0].SpeakerNumber;
            if (n < Newest)
                _speakersOfNewest = _speakerCount;
        }
    }

    /// <summary>The speaker of a candidate; what depends on them alone is in <see cref="CandidateSpeaker.Row"/> already.</summary>
    private CandidateSpeaker SpeakerOf(SpeakerHistory candidate, string name, ObservedLine line, SpeakerHistory? history, out bool isNew)
    {
        isNew = candidate.Place >= _speakerCount || _speakers[candidate.Place].History != candidate;
        if (!isNew)
            return _speakers[candidate.Place];
        candidate.Place = _speakerCount;
        var speaker = _speakers[_speakerCount++];
        speaker.Restart(candidate, history?.LastMentionOf(name) ?? -1);
        FillSpeaker(speaker, name, line, history);
        return speaker;
    }

    private static void FillSpeaker(CandidateSpeaker speaker, string name, ObservedLine line, SpeakerHistory? history)
    {
        var f = new FeatureRow<PairFeature>(speaker.Row);
        var same = speaker.History == history;
        var (marked, plain, guessed) = MentionOf(line, name);
        speaker.IsMentioned = marked || plain || guessed;
        var lastAddressee = history?.Last is { Mentions.Count: > 0 } before ? before.Mentions[0].Speaker : null;
        f[PairFeature.IsBySameSpeaker] = same ? 1 : 0;
        f[PairFeature.MarksCandidateSpeaker] = marked ? 1 : 0;
        f[PairFeature.NamesCandidateSpeaker] = plain ? 1 : 0;
        f[PairFeature.GuessesCandidateSpeaker] = guessed ? 1 : 0;
        f[PairFeature.AddressesOthersOnly] = line.Mentions.Count > 0 && !speaker.IsMentioned ? 1 : 0;
        f[PairFeature.RecencyOfMentionOfCandidateSpeaker] = Since(line.Order, speaker.LastMention);
        f[PairFeature.RecencyOfMentionOfSpeaker] = Since(line.Order, speaker.History.LastMentionOf(line.Speaker));
        f[PairFeature.SpeakerLastAddressedCandidateSpeaker] = lastAddressee == name ? 1 : 0;
        f[PairFeature.SpeakerLastMentionedByCandidateSpeaker] = history?.LastMention?.Speaker == name ? 1 : 0;
        f[PairFeature.SpeakerFollowedCandidateSpeaker] = FeatureScale.Lines(history?.TimesAfter(name) ?? 0);
        f[PairFeature.CandidateSpeakerFollowedSpeaker] = FeatureScale.Lines(speaker.History.TimesAfter(line.Speaker));
        f[PairFeature.Bias] = 1;
        f[PairFeature.SpeakerLastAnsweredCandidateSpeaker] = !same && history?.Last?.AntecedentSpeaker == name ? 1 : 0;
        f[PairFeature.RecencyOfAnswerToCandidateSpeaker] = Since(line.Order, history?.LastAnswerTo(name) ?? -1);
        f[PairFeature.RecencyOfAnswerToSpeaker] = Since(line.Order, speaker.History.LastAnswerTo(line.Speaker));
    }

    private static (bool Marked, bool Plain, bool Guessed) MentionOf(ObservedLine line, string speaker)
    {
        foreach (var mention in line.Mentions)
        {
            if (mention.Speaker == speaker)
                return (mention.Marked && !mention.Guessed, !mention.Marked, mention.Guessed);
        }

        return default;
    }

    private static bool SharesAddressee(ObservedLine line, ObservedLine candidate)
    {
        foreach (var mention in line.Mentions)
        {
            if (candidate.Addresses(mention.Speaker))
                return true;
        }

        return false;
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

    /// <summary>1 / (1 + distance in lines, scaled); 0 where there was no such line.</summary>
    private static float Since(int order, int then) => then >= 0 ? 1 / (1 + FeatureScale.Lines(order - then)) : 0;

    /// <summary>The speaker of one or more candidates, and what the line's newer candidates tell of them.</summary>
    private sealed class CandidateSpeaker
    {
        public SpeakerHistory History { get; private set; } = null!;

        /// <summary>[<see cref="OfPair"/>]: the features that are the same for all lines of theirs; the others are 0.</summary>
        public float[] Row { get; } = new float[OfPair];

        /// <summary>Whether the new line mentions them.</summary>
        public bool IsMentioned { get; set; }

        /// <summary>Order of the latest line in which the new line's speaker mentioned them; −1: none.</summary>
        public int LastMention { get; private set; }

        /// <summary>Number of their lines after the last candidate, and of lines that mention them.</summary>
        public int Lines { get; set; }

        public int Mentions { get; set; }

        public float GreatestCosine { get; set; }

        public float GreatestSimilarity { get; set; }

        public void Restart(SpeakerHistory history, int lastMention)
        {
            (History, LastMention) = (history, lastMention);
            (Lines, Mentions, GreatestCosine, GreatestSimilarity) = (0, 0, 0, 0);
        }
    }

    /// <summary>The rarities of a line's stems. A bit for each stem says quickly of most other stems that they are not among them.</summary>
    private sealed class StemRarities
    {
        private const int Bits = 2048;

        private readonly Dictionary<int, float> _rarityOf = [];
        private readonly ulong[] _present = new ulong[Bits / 64];

        public void Set((int Hash, float Rarity)[] stems)
        {
            _rarityOf.Clear();
            Array.Clear(_present);
            foreach (var (stem, rarity) in stems)
            {
                _rarityOf[stem] = rarity;
                _present[(stem >> 6) & ((Bits / 64) - 1)] |= 1UL << stem;
            }
        }

        public (int Count, float Rarity, float Rarest) Shared((int Hash, float Rarity)[] stems)
        {
            var (shared, weight, rarest) = (0, 0f, 0f);
            foreach (var (stem, _) in stems)
            {
                if ((_present[(stem >> 6) & ((Bits / 64) - 1)] >> stem & 1) == 0 || !_rarityOf.TryGetValue(stem, out var rarity))
                    continue;
                shared++;
                weight += rarity;
                rarest = Math.Max(rarest, rarity);
            }

            return (shared, weight, rarest);
        }
    }
}
