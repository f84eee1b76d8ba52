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

    private readonly float[] _cosines = new float[LinkerState.Candidates];
    private readonly float[] _cosinesToSpeakerLast = new float[LinkerState.Candidates];
    private readonly float[] _similarities = new float[LinkerState.Candidates];
    private readonly float[] _similaritiesToSpeakerLast = new float[LinkerState.Candidates];
    private readonly NgramVector[] _vectors = new NgramVector[LinkerState.Candidates];
    private readonly Dictionary<int, float> _rarityOfStem = [];
    private readonly HashSet<string> _speakers = [];
    private readonly Dictionary<string, (float Cosine, float Similarity)> _greatestLater = [];

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
            _vectors[n] = state.Candidate(n).Vector;
        var vectors = new ArraySegment<NgramVector>(_vectors, 0, Count);
        line.Vector.Compare(vectors, _cosines.AsSpan(0, Count));
        if (history?.Last is { } last)
            last.Vector.Compare(vectors, _cosinesToSpeakerLast.AsSpan(0, Count));
        else
            _cosinesToSpeakerLast.AsSpan().Clear();
        for (var n = 0; n < Count; n++)
        {
            var embedding = state.Candidate(n).Embedding;
            _similarities[n] = state.Embeddings.Similarity(line.Embedding, embedding);
            _similaritiesToSpeakerLast[n] = history?.Last is { } spoken ? state.Embeddings.Similarity(spoken.Embedding, embedding) : 0;
        }

        FillPairs(state, line, history);
        FillLine(state, line, history);
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
            f[LineFeature.SpeakerSaidPreviousLine] = state.Recent[^1] == last ? 1 : 0;
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
        var newest = Math.Min(30, Count);
        _speakers.Clear();
        for (var n = 0; n < newest; n++)
            _speakers.Add(state.Candidate(n).Speaker);
        f[LineFeature.DistinctSpeakerShare] = newest == 0 ? 0 : _speakers.Count / (float)newest;
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
        _rarityOfStem.Clear();
        foreach (var (stem, rarity) in line.Stems)
            _rarityOfStem[stem] = rarity;
        var (mean, deviation, greatest) = Spread(_cosines.AsSpan(0, Count));
        var (meanSimilarity, similarityDeviation, greatestSimilarity) = Spread(Similarities);
        var (speakerLastMean, speakerLastDeviation, _) = Spread(_cosinesToSpeakerLast.AsSpan(0, Count));
        var slowness = state.Tempo.Slowness;
        _speakers.Clear();
        _greatestLater.Clear();
        var noThirdSpeaker = true;
        var lastAddressee = history?.Last is { Mentions.Count: > 0 } before ? before.Mentions[0].Speaker : null;
        for (var n = 0; n < Count; n++)
        {
            var candidate = state.Candidate(n);
            var candidateHistory = state.HistoryOf(candidate.Speaker);
            var row = Pairs.AsSpan(n * OfPair, OfPair);
            row.Clear();
            var f = new FeatureRow<PairFeature>(row);
            var distance = line.Order - candidate.Order;
            var gap = line.At - candidate.At;
            var same = candidate.Speaker == line.Speaker;
            var (marked, plain, guessed) = MentionOf(line, candidate.Speaker);
            f[PairFeature.LineDistance] = FeatureScale.Lines(distance);
            f[PairFeature.IsPreviousLine] = distance == 1 ? 1 : 0;
            f[PairFeature.IsTwoLinesBack] = distance == 2 ? 1 : 0;
            f[PairFeature.IsThreeToFiveLinesBack] = distance is > 2 and <= 5 ? 1 : 0;
            f[PairFeature.IsSixToTwelveLinesBack] = distance is > 5 and <= 12 ? 1 : 0;
            f[PairFeature.Minutes] = FeatureScale.Minutes(gap);
            f[PairFeature.MinutesAtRoomTempo] = FeatureScale.Minutes(gap / slowness);
            f[PairFeature.DecayOverTenSeconds] = FeatureScale.Decay(gap, 10);
            f[PairFeature.DecayOverOneMinute] = FeatureScale.Decay(gap, 60);
            f[PairFeature.IsBySameSpeaker] = same ? 1 : 0;
            f[PairFeature.IsLastLineOfItsSpeaker] = candidateHistory?.Last == candidate ? 1 : 0;
            f[PairFeature.CandidateSpeakerLinesSince] = FeatureScale.Lines(candidateHistory?.LinesSince(candidate.Order) ?? 0);
            var speakerLines = history?.LinesSince(candidate.Order) ?? 0;
            f[PairFeature.SpeakerLinesSince] = FeatureScale.Lines(speakerLines);
            f[PairFeature.IsSpeakerSilentSince] = speakerLines == 0 && !same ? 1 : 0;
            f[PairFeature.MarksCandidateSpeaker] = marked ? 1 : 0;
            f[PairFeature.NamesCandidateSpeaker] = plain ? 1 : 0;
            f[PairFeature.GuessesCandidateSpeaker] = guessed ? 1 : 0;
            f[PairFeature.AddressesOthersOnly] = line.Mentions.Count > 0 && !marked && !plain && !guessed ? 1 : 0;
            var addressesSpeaker = candidate.Addresses(line.Speaker);
            f[PairFeature.CandidateAddressesSpeaker] = addressesSpeaker ? 1 : 0;
            f[PairFeature.CandidateAddressesOthersOnly] = candidate.Mentions.Count > 0 && !addressesSpeaker ? 1 : 0;
            f[PairFeature.SharesAddressee] = SharesAddressee(line, candidate) ? 1 : 0;
            f[PairFeature.IsLastMentionOfSpeaker] = history?.LastMention == candidate ? 1 : 0;
            f[PairFeature.RecencyOfMentionOfCandidateSpeaker] = Since(line.Order, history?.LastMentionOf(candidate.Speaker));
            f[PairFeature.RecencyOfMentionOfSpeaker] = Since(line.Order, candidateHistory?.LastMentionOf(line.Speaker));
            f[PairFeature.SpeakerLastAddressedCandidateSpeaker] = lastAddressee == candidate.Speaker ? 1 : 0;
            f[PairFeature.SpeakerLastMentionedByCandidateSpeaker] = history?.LastMention?.Speaker == candidate.Speaker ? 1 : 0;
            f[PairFeature.MentionsOfCandidateSpeakerSince] = FeatureScale.Lines(candidateHistory?.MentionsSince(candidate.Order) ?? 0);
            f[PairFeature.SpeakersBetween] = FeatureScale.Lines(_speakers.Count);
            f[PairFeature.NoThirdSpeakerBetween] = noThirdSpeaker ? 1 : 0;
            f[PairFeature.Cosine] = 2 * _cosines[n];
            f[PairFeature.CosineZScore] = (_cosines[n] - mean) / deviation / 3;
            f[PairFeature.HasGreatestCosine] = _cosines[n] >= greatest && greatest > 0 ? 1 : 0;
            var (shared, weight, rarest) = SharedStems(candidate);
            f[PairFeature.SharedWords] = Math.Min(4, shared) / 4f;
            f[PairFeature.SharedWordRarity] = weight / 10;
            f[PairFeature.RarestSharedWord] = rarest / 5;
            f[PairFeature.CosineToSpeakerLastLine] = 2 * _cosinesToSpeakerLast[n];
            f[PairFeature.CosineToSpeakerLastLineZScore] = same ? 0 : (_cosinesToSpeakerLast[n] - speakerLastMean) / speakerLastDeviation / 3;
            // Candidates come newest first: what is known of this speaker here, they said after the candidate.
            var later = _greatestLater.GetValueOrDefault(candidate.Speaker);
            f[PairFeature.GreatestLaterCosineOfCandidateSpeaker] = 2 * later.Cosine;
            _greatestLater[candidate.Speaker] = (Math.Max(later.Cosine, _cosines[n]), Math.Max(later.Similarity, _similarities[n]));
            f[PairFeature.SpeakerFollowedCandidateSpeaker] = FeatureScale.Lines(history?.TimesAfter(candidate.Speaker) ?? 0);
            f[PairFeature.CandidateSpeakerFollowedSpeaker] = FeatureScale.Lines(candidateHistory?.TimesAfter(line.Speaker) ?? 0);
            f[PairFeature.IsSpeakerLastLine] = history?.Last == candidate ? 1 : 0;
            f[PairFeature.AddressEachOther] = AddressEachOther(candidate, line) ? 1 : 0;
            f[PairFeature.SpeakerMentionedCandidateSpeakerSince] = IsMentionedSince(history, candidate) ? 1 : 0;
            f[PairFeature.SpeakerSpokeRightAfter] = SpokeRightAfter(state, n, line.Speaker) ? 1 : 0;
            f[PairFeature.OnlyCandidateHasQuestionMark] = candidate.Trait(LineTrait.HasQuestionMark) * (1 - line.Trait(LineTrait.HasQuestionMark));
            f[PairFeature.HangulShareDifference] = Math.Abs(candidate.Trait(LineTrait.HangulShare) - line.Trait(LineTrait.HangulShare));
            f[PairFeature.IsFirstLineOfItsSpeaker] = candidate.EarlierLinesOfSpeaker == 0 ? 1 : 0;
            f[PairFeature.Bias] = 1;
            f[PairFeature.CandidateAnsweredSpeaker] = !same && candidate.AntecedentSpeaker == line.Speaker ? 1 : 0;
            f[PairFeature.SpeakerLastAnsweredCandidateSpeaker] = !same && history?.Last?.AntecedentSpeaker == candidate.Speaker ? 1 : 0;
            f[PairFeature.SpeakerLastAnsweredCandidate] = history?.Last?.AntecedentOrder == candidate.Order ? 1 : 0;
            f[PairFeature.CandidateAnsweredSpeakerLastLine] = history?.Last is { } spoken && candidate.AntecedentOrder == spoken.Order ? 1 : 0;
            f[PairFeature.AnswerCount] = FeatureScale.Lines(candidate.AnswerCount);
            f[PairFeature.CandidateAnsweredNobody] = candidate.AntecedentSpeaker is null ? 1 : 0;
            var antecedent = line.Order - candidate.AntecedentOrder - 1;
            f[PairFeature.CosineOfCandidateAntecedent] = candidate.AntecedentOrder >= 0 && antecedent < Count ? 2 * _cosines[antecedent] : 0;
            f[PairFeature.RecencyOfAnswerToCandidateSpeaker] = Since(line.Order, history?.LastAnswerTo(candidate.Speaker));
            f[PairFeature.RecencyOfAnswerToSpeaker] = Since(line.Order, candidateHistory?.LastAnswerTo(line.Speaker));
            f[PairFeature.SharesAntecedentWithSpeakerLastLine] = history?.Last is { } own && own.AntecedentOrder >= 0 && own.AntecedentOrder == candidate.AntecedentOrder ? 1 : 0;
            if (line.Embedding is { } embedding && candidate.Embedding?.Length == embedding.Length)
            {
                f[PairFeature.HasEmbeddings] = 1;
                f[PairFeature.Similarity] = _similarities[n];
                f[PairFeature.SimilarityZScore] = (_similarities[n] - meanSimilarity) / similarityDeviation / 3;
                f[PairFeature.HasGreatestSimilarity] = _similarities[n] >= greatestSimilarity && greatestSimilarity > 0 ? 1 : 0;
                f[PairFeature.SimilarityToSpeakerLastLine] = same ? 0 : _similaritiesToSpeakerLast[n];
                f[PairFeature.GreatestLaterSimilarityOfCandidateSpeaker] = later.Similarity;
                f[PairFeature.SimilarityOfCandidateAntecedent] = candidate.AntecedentOrder >= 0 && antecedent < Count ? _similarities[antecedent] : 0;
            }

            if (!same)
                _speakers.Add(candidate.Speaker);
            noThirdSpeaker &= same || candidate.Speaker == state.Candidate(0).Speaker;
        }
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

    /// <summary>Whether the two lines are of two people, each of whom mentions the other.</summary>
    private static bool AddressEachOther(ObservedLine candidate, ObservedLine line) => candidate.Speaker != line.Speaker && candidate.Addresses(line.Speaker) && line.Addresses(candidate.Speaker);

    /// <summary>Whether the speaker mentioned the candidate's speaker after the candidate.</summary>
    private static bool IsMentionedSince(SpeakerHistory? history, ObservedLine candidate) => history is not null && history.LastMentionOf(candidate.Speaker) > candidate.Order;

    /// <summary>Whether the line right after the n-th candidate is the speaker's.</summary>
    private static bool SpokeRightAfter(LinkerState state, int n, string speaker) => n > 0 && state.Candidate(n - 1).Speaker == speaker;

    private (int Count, float Rarity, float Rarest) SharedStems(ObservedLine candidate)
    {
        var (shared, weight, rarest) = (0, 0f, 0f);
        foreach (var (stem, _) in candidate.Stems)
        {
            if (!_rarityOfStem.TryGetValue(stem, out var rarity))
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

    /// <summary>1 / (1 + distance in lines, scaled); 0 where there was no such line.</summary>
    private static float Since(int order, int? then) => then is { } at and >= 0 ? 1 / (1 + FeatureScale.Lines(order - at)) : 0;
}
