using AIChat.Infrastructure.Topics.Ngrams;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// The features (<see cref="ConversationFeature"/>) of a scored line and each open conversation that has one of its candidates: the link scores over the conversation's
/// lines, who takes part, how long ago, and the similarity of words. The last row stands for a new conversation.
/// </summary>
internal sealed class ConversationFeatures
{
    public const int Count = (int)ConversationFeature.AddresseeSpokeLastIn + 1;

    /// <summary>Most conversations without a candidate that get a row.</summary>
    private const int MostRemembered = 12;

    private static readonly TimeSpan LongPause = TimeSpan.FromMinutes(40);

    private readonly List<OpenConversation> _conversations = [], _remembered = [];
    private readonly Dictionary<int, int> _rowOfConversation = [];
    private readonly int[] _rowOfCandidate = new int[LinkerState.Candidates];
    private readonly List<float> _joins = [];
    private readonly List<NgramVector> _vectors = [];
    private float[] _rows = new float[32 * Count];

    /// <summary>The conversations of the rows, the most recent first.</summary>
    public IReadOnlyList<OpenConversation> Conversations => _conversations;

    /// <summary>[conversations + 1, <see cref="Count"/>].</summary>
    public ReadOnlySpan<float> Rows => _rows.AsSpan(0, (_conversations.Count + 1) * Count);

    /// <summary>ln P(the line continues the conversation).</summary>
    public float JoinOf(int row) => _joins[row];

    public void Fill(LinkerState state, ObservedLine line, LinkFeatures features, LinkScores scores, IReadOnlyDictionary<int, OpenConversation> openConversations)
    {
        Gather(state, line, scores, openConversations);
        if (_rows.Length < (_conversations.Count + 1) * Count)
            _rows = new float[2 * (_conversations.Count + 1) * Count];
        var rows = _rows.AsSpan(0, (_conversations.Count + 1) * Count);
        rows.Clear();
        var history = state.HistoryOf(line.Speaker);
        for (var row = 0; row < _conversations.Count; row++)
            FillConversation(RowOf(rows, row), _conversations[row], row, line, history, state);
        FillScores(rows, state, line, scores, features);
        var (bestJoin, secondJoin) = Greatest(rows, ConversationFeature.Join);
        var (bestSame, secondSame) = Greatest(rows, ConversationFeature.SameOddsOfNewest3);
        var (bestCosine, _) = Greatest(rows, ConversationFeature.MeanCosine);
        var (greatestSum, _) = Greatest(rows, ConversationFeature.SameOddsWithin30);
        var (bestSimilarity, secondSimilarity) = Greatest(rows, ConversationFeature.MeanSimilarity);
        for (var row = 0; row <= _conversations.Count; row++)
        {
            var f = RowOf(rows, row);
            if (row < _conversations.Count)
            {
                f[ConversationFeature.SameOddsWithin30Lead] = f[ConversationFeature.SameOddsWithin30] - greatestSum;
                f[ConversationFeature.JoinLead] = f[ConversationFeature.Join] - (f[ConversationFeature.Join] == bestJoin ? secondJoin : bestJoin);
                f[ConversationFeature.SameOddsLead] = f[ConversationFeature.SameOddsOfNewest3] - (f[ConversationFeature.SameOddsOfNewest3] == bestSame ? secondSame : bestSame);
                f[ConversationFeature.MeanCosineLead] = f[ConversationFeature.MeanCosine] - bestCosine;
                f[ConversationFeature.SimilarityLead] = line.Embedding is null ? 0 : f[ConversationFeature.MeanSimilarity] - (f[ConversationFeature.MeanSimilarity] == bestSimilarity ? secondSimilarity : bestSimilarity);
                f[ConversationFeature.HasGreatestJoin] = f[ConversationFeature.Join] == bestJoin ? 1 : 0;
                f[ConversationFeature.HasGreatestSameOdds] = f[ConversationFeature.SameOddsOfNewest3] == bestSame ? 1 : 0;
            }
            else
            {
                f[ConversationFeature.IsNew] = 1;
                f[ConversationFeature.NewGreatestJoin] = bestJoin;
                f[ConversationFeature.NewGreatestSameOdds] = bestSame;
                f[ConversationFeature.NewGreatestMeanCosine] = bestCosine;
                f[ConversationFeature.GreatestSimilarity] = line.Embedding is null ? 0 : bestSimilarity;
                f[ConversationFeature.SameOddsWithin30Lead] = greatestSum;
            }

            f[ConversationFeature.Opens] = scores.Opens / 3;
            f[ConversationFeature.RoomMentionRate] = (float)state.Tempo.MentionRate;
            f[ConversationFeature.RoomSlowness] = (float)Math.Log(state.Tempo.Slowness);
            f[ConversationFeature.ConversationCount] = MathF.Log(1 + _conversations.Count) / 2;
            f[ConversationFeature.LineWordCount] = line.Trait(LineTrait.WordCount);
            f[ConversationFeature.LineIsFiller] = line.Trait(LineTrait.IsFiller);
            f[ConversationFeature.LineAsks] = line.Trait(LineTrait.Asks);
            f[ConversationFeature.LineGreets] = line.Trait(LineTrait.Greets);
            f[ConversationFeature.LineContinues] = line.Trait(LineTrait.Continues);
            f[ConversationFeature.LineAddressesEveryone] = line.Trait(LineTrait.AddressesEveryone);
            f[ConversationFeature.LineMentionsSomeone] = line.Mentions.Count > 0 ? 1 : 0;
            f[ConversationFeature.IsFirstLineOfSpeaker] = line.EarlierLinesOfSpeaker == 0 ? 1 : 0;
            f[ConversationFeature.MinutesSinceSpeakerLastLine] = history?.Last is { } own ? FeatureScale.Minutes(line.At - own.At) : 0;
            f[ConversationFeature.LineHangulShare] = line.Trait(LineTrait.HangulShare);
            f[ConversationFeature.LineAnswers] = line.Trait(LineTrait.Answers);
            f[ConversationFeature.HasEmbedding] = line.Embedding is null ? 0 : 1;
        }
    }

    private void Gather(LinkerState state, ObservedLine line, LinkScores scores, IReadOnlyDictionary<int, OpenConversation> openConversations)
    {
        _conversations.Clear();
        _rowOfConversation.Clear();
        _joins.Clear();
        for (var n = 0; n < scores.Count; n++)
        {
            var number = state.Candidate(n).Conversation;
            _rowOfCandidate[n] = -1;
            if (number < 0)
                continue;
            if (!_rowOfConversation.TryGetValue(number, out var row))
            {
                _rowOfConversation[number] = row = _conversations.Count;
                _conversations.Add(openConversations[number]);
                _joins.Add(0);
            }

            _rowOfCandidate[n] = row;
            _joins[row] += MathF.Exp(scores.Joins[n]);
        }

        for (var row = 0; row < _joins.Count; row++)
            _joins[row] = MathF.Log(_joins[row] + 1e-9f);
        Remember(line, openConversations);
    }

    /// <summary>Adds the newest conversations further back in which the speaker, or somebody whom the line mentions, took part.</summary>
    private void Remember(ObservedLine line, IReadOnlyDictionary<int, OpenConversation> openConversations)
    {
        _remembered.Clear();
        foreach (var (number, open) in openConversations)
        {
            if (!_rowOfConversation.ContainsKey(number) && TakesPart(open, line))
                _remembered.Add(open);
        }

        _remembered.Sort((one, other) => other.Last.Order.CompareTo(one.Last.Order));
        foreach (var open in _remembered.Take(MostRemembered))
        {
            _rowOfConversation[open.Number] = _conversations.Count;
            _conversations.Add(open);
            _joins.Add(MathF.Log(1e-9f));
        }
    }

    private static bool TakesPart(OpenConversation open, ObservedLine line)
    {
        if (open.LastLineOf(line.Speaker) is not null)
            return true;
        foreach (var mention in line.Mentions)
        {
            if (open.LastLineOf(mention.Speaker) is not null)
                return true;
        }

        return false;
    }

    private void FillScores(Span<float> rows, LinkerState state, ObservedLine line, LinkScores scores, LinkFeatures features)
    {
        var cosines = features.Cosines;
        var similarities = features.Similarities;
        Span<int> seen = _conversations.Count <= 128 ? stackalloc int[_conversations.Count] : new int[_conversations.Count];
        for (var row = 0; row < _conversations.Count; row++)
        {
            var f = RowOf(rows, row);
            f[ConversationFeature.Join] = _joins[row] / 3;
            f[ConversationFeature.GreatestJoin] = -7;
            f[ConversationFeature.GreatestSameOdds] = -7;
        }

        for (var n = 0; n < cosines.Length; n++)
        {
            var row = _rowOfCandidate[n];
            if (row < 0)
                continue;
            var f = RowOf(rows, row);
            var odds = Math.Clamp(scores.Same[n], -8, 8);
            f[ConversationFeature.GreatestJoin] = Math.Max(f[ConversationFeature.GreatestJoin], scores.Joins[n] / 3);
            f[ConversationFeature.Link] += MathF.Exp(scores.Links[n]);
            f[ConversationFeature.GreatestSameOdds] = Math.Max(f[ConversationFeature.GreatestSameOdds], odds / 3);
            if (seen[row] == 0)
                f[ConversationFeature.SameOddsOfNewest] = odds / 3;
            if (seen[row] < 3)
                f[ConversationFeature.SameOddsOfNewest3] += odds / 3;
            if (seen[row] < 10)
                f[ConversationFeature.SameOddsOfNewest10] += odds / 3;
            if (n < 30)
                f[ConversationFeature.SameOddsWithin30] += odds / 20;
            if (n < 12)
                f[ConversationFeature.SameOddsWithin12] += odds / 10;
            if (n < 60)
                f[ConversationFeature.PositiveSameOddsWithin60] += Math.Max(0, odds) / 20;
            if (n < 60)
                f[ConversationFeature.NegativeSameOddsWithin60] += Math.Min(0, odds) / 20;
            f[ConversationFeature.MeanCosine] += 4 * cosines[n];
            f[ConversationFeature.GreatestCosine] = Math.Max(f[ConversationFeature.GreatestCosine], 2 * cosines[n]);
            f[ConversationFeature.MeanSimilarity] += similarities[n];
            f[ConversationFeature.GreatestSimilarity] = seen[row] == 0 ? similarities[n] : Math.Max(f[ConversationFeature.GreatestSimilarity], similarities[n]);
            if (seen[row] < 3)
                f[ConversationFeature.SimilarityOfNewest3] += similarities[n];
            seen[row]++;
        }

        for (var row = 0; row < _conversations.Count; row++)
        {
            if (seen[row] == 0)
                FillRemembered(RowOf(rows, row), _conversations[row], line, state, ref seen[row]);
        }

        for (var row = 0; row < _conversations.Count; row++)
        {
            var f = RowOf(rows, row);
            f[ConversationFeature.Link] = MathF.Log(f[ConversationFeature.Link] + 1e-9f) / 3;
            f[ConversationFeature.SameOddsOfNewest3] /= Math.Min(3, seen[row]);
            f[ConversationFeature.SameOddsOfNewest10] /= Math.Min(10, seen[row]);
            f[ConversationFeature.MeanCosine] /= seen[row];
            f[ConversationFeature.MeanSimilarity] /= seen[row];
            f[ConversationFeature.SimilarityOfNewest3] /= Math.Min(3, seen[row]);
            f[ConversationFeature.CandidateCount] = MathF.Log(1 + seen[row]) / 3;
        }
    }

    /// <summary>Similarity to the lines that are kept of a conversation without a candidate; it has no link scores.</summary>
    private void FillRemembered(FeatureRow<ConversationFeature> f, OpenConversation conversation, ObservedLine line, LinkerState state, ref int seen)
    {
        f[ConversationFeature.IsRemembered] = 1;
        _vectors.Clear();
        foreach (var recent in conversation.Recent)
            _vectors.Add(recent.Vector);
        Span<float> cosines = stackalloc float[_vectors.Count];
        line.Vector.Compare(_vectors, cosines);
        for (var i = 0; i < cosines.Length; i++)
        {
            var similarity = state.Embeddings.Similarity(line.Embedding, conversation.Recent[i].Embedding);
            f[ConversationFeature.MeanCosine] += 4 * cosines[i];
            f[ConversationFeature.GreatestCosine] = Math.Max(f[ConversationFeature.GreatestCosine], 2 * cosines[i]);
            f[ConversationFeature.MeanSimilarity] += similarity;
            f[ConversationFeature.GreatestSimilarity] = i == 0 ? similarity : Math.Max(f[ConversationFeature.GreatestSimilarity], similarity);
            if (i >= cosines.Length - 3)
                f[ConversationFeature.SimilarityOfNewest3] += similarity;
        }

        seen = cosines.Length;
    }

    private static void FillConversation(FeatureRow<ConversationFeature> f, OpenConversation conversation, int rank, ObservedLine line, SpeakerHistory? history, LinkerState state)
    {
        var silence = line.At - conversation.Last.At;
        f[ConversationFeature.RecencyRank] = Math.Min(20, rank) / 5f;
        f[ConversationFeature.SilenceAtOwnPace] = MathF.Log(1 + MathF.Max(0, (float)(silence / (conversation.UsualSilence + TimeSpan.FromSeconds(20))))) / 2;
        f[ConversationFeature.IsAfterLongPause] = silence > LongPause ? 1 : 0;
        foreach (var (stem, rarity) in line.Stems)
        {
            if (!conversation.HasStem(stem))
                continue;
            f[ConversationFeature.RarestSharedWord] = Math.Max(f[ConversationFeature.RarestSharedWord], rarity / 5);
            f[ConversationFeature.SharedWordRarity] += rarity / 10;
        }

        var elsewhere = 0;
        foreach (var recent in conversation.Recent)
            elsewhere += state.HistoryOf(recent)?.Last is { } latest && latest.Order > conversation.Last.Order ? 1 : 0;
        f[ConversationFeature.SpeakersElsewhereSince] = FeatureScale.Lines(elsewhere);
        for (var i = conversation.Recent.Count - 1; i >= 0 && i >= conversation.Recent.Count - 4; i--)
            f[ConversationFeature.IsSpeakerAmongNewest4] = conversation.Recent[i].Speaker == line.Speaker ? 1 : f[ConversationFeature.IsSpeakerAmongNewest4];
        foreach (var mention in line.Mentions)
        {
            if (state.HistoryOf(mention.Speaker)?.Last?.Conversation == conversation.Number)
                f[ConversationFeature.AddresseeSpokeLastIn] = 1;
        }

        f[ConversationFeature.Size] = MathF.Log(1 + conversation.Size) / 3;
        f[ConversationFeature.Speakers] = MathF.Log(1 + conversation.Speakers) / 2;
        if (conversation.LastLineOf(line.Speaker) is { } own)
        {
            f[ConversationFeature.HasSpeaker] = 1;
            f[ConversationFeature.SpeakerShare] = conversation.LineCountOf(line.Speaker) / (float)conversation.Size;
            f[ConversationFeature.LinesSinceSpeaker] = FeatureScale.Lines(line.Order - own.Order);
            f[ConversationFeature.MinutesSinceSpeaker] = FeatureScale.Minutes(line.At - own.At);
            f[ConversationFeature.HasSpeakerLastLine] = ReferenceEquals(history?.Last, own) ? 1 : 0;
        }

        f[ConversationFeature.HasOneSpeaker] = conversation.Speakers == 1 ? 1 : 0;
        f[ConversationFeature.LastLineIsBySpeaker] = conversation.Last.Speaker == line.Speaker ? 1 : 0;
        f[ConversationFeature.DecayOverTenSeconds] = FeatureScale.Decay(line.At - conversation.Last.At, 10);
        f[ConversationFeature.MinutesSinceLastLine] = FeatureScale.Minutes(line.At - conversation.Last.At);
        f[ConversationFeature.LinesSinceLastLine] = FeatureScale.Lines(line.Order - conversation.Last.Order);
        f[ConversationFeature.LastLineHasQuestionMark] = conversation.Last.Trait(LineTrait.HasQuestionMark);
        f[ConversationFeature.LastLineAddressesSpeaker] = conversation.Last.Addresses(line.Speaker) ? 1 : 0;
        foreach (var mention in line.Mentions)
        {
            if (conversation.LastLineOf(mention.Speaker) is { } spoken)
            {
                f[ConversationFeature.HasAddressee] = 1;
                f[ConversationFeature.AddresseeRecency] = Math.Max(f[ConversationFeature.AddresseeRecency], 1 / (1 + FeatureScale.Lines(line.Order - spoken.Order)));
            }
        }

        f[ConversationFeature.HasUnansweredMentionOfSpeaker] = history?.LastMention is { } mentioning && mentioning.Conversation == conversation.Number && mentioning.Order > (history.Last?.Order ?? -1) ? 1 : 0;
        f[ConversationFeature.IsSpeakerTurnInDialogue] = conversation.Speakers == 2 && f[ConversationFeature.HasSpeaker] == 1 && f[ConversationFeature.LastLineIsBySpeaker] == 0 ? 1 : 0;
        f[ConversationFeature.LacksAddressee] = line.Mentions.Count > 0 && f[ConversationFeature.HasAddressee] == 0 ? 1 : 0;
        f[ConversationFeature.HasPreviousLine] = conversation.Last.Order == line.Order - 1 ? 1 : 0;
    }

    private static FeatureRow<ConversationFeature> RowOf(Span<float> rows, int row) => new(rows.Slice(row * Count, Count));

    private (float Best, float Second) Greatest(Span<float> rows, ConversationFeature feature)
    {
        var (best, second) = (-7f, -7f);
        for (var row = 0; row < _conversations.Count; row++)
        {
            var value = RowOf(rows, row)[feature];
            if (value > best)
                (best, second) = (value, best);
            else if (value > second)
                second = value;
        }

        return (best, second);
    }
}
