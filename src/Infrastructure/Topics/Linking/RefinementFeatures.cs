namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// The features (<see cref="RefinementFeature"/>) of a line and each conversation around it once all lines are assigned: the link scores of the line and the
/// conversation's lines before and after it, who takes part, and the present assignment. The last row stands for a conversation of the line's own.
/// </summary>
internal sealed class RefinementFeatures(Clustering clustering)
{
    public const int Count = (int)RefinementFeature.HasEmbedding + 1;

    /// <summary>Lines on either side whose conversations are considered.</summary>
    public const int Reach = LinkerState.Candidates;

    private static readonly Side Before = new(
        RefinementFeature.BeforeJoin, RefinementFeature.BeforeGreatestJoin, RefinementFeature.BeforeNearestSameOdds, RefinementFeature.BeforeSameOddsOfNearest3,
        RefinementFeature.BeforeSameOddsOfNearest10, RefinementFeature.BeforeSameOddsWithin30, RefinementFeature.BeforePositiveSameOddsWithin60,
        RefinementFeature.BeforeNegativeSameOddsWithin60, RefinementFeature.BeforeSameOddsWithin12, RefinementFeature.BeforeMeanCosine,
        RefinementFeature.BeforeGreatestCosine, RefinementFeature.BeforeMeanSimilarity, RefinementFeature.BeforeGreatestSimilarity);

    private static readonly Side After = new(
        RefinementFeature.AfterJoin, RefinementFeature.AfterGreatestJoin, RefinementFeature.AfterNearestSameOdds, RefinementFeature.AfterSameOddsOfNearest3,
        RefinementFeature.AfterSameOddsOfNearest10, RefinementFeature.AfterSameOddsWithin30, RefinementFeature.AfterPositiveSameOddsWithin60,
        RefinementFeature.AfterNegativeSameOddsWithin60, RefinementFeature.AfterSameOddsWithin12, RefinementFeature.AfterMeanCosine,
        RefinementFeature.AfterGreatestCosine, RefinementFeature.AfterMeanSimilarity, RefinementFeature.AfterGreatestSimilarity);

    private readonly List<int> _conversations = [];
    private readonly Dictionary<int, int> _rowOfConversation = [];
    private float[] _rows = new float[32 * Count];
    private int[] _before = new int[32], _after = new int[32];

    /// <summary>The conversations of the rows, the nearest to the line first.</summary>
    public IReadOnlyList<int> Conversations => _conversations;

    /// <summary>[conversations + 1, <see cref="Count"/>].</summary>
    public ReadOnlySpan<float> Rows => _rows.AsSpan(0, (_conversations.Count + 1) * Count);

    /// <summary>The row of the conversation that a line is assigned to at present; the last row where no other line around it is.</summary>
    public int PresentRow(int at) => _rowOfConversation.GetValueOrDefault(clustering.Conversations[at], _conversations.Count);

    /// <param name="at">Index of the line in the clustering.</param>
    public void Fill(int at)
    {
        var line = clustering.Lines[at];
        Gather(at);
        var rows = _rows.AsSpan(0, (_conversations.Count + 1) * Count);
        rows.Clear();
        _before.AsSpan().Clear();
        _after.AsSpan().Clear();
        for (var n = 0; n < line.Links.Length && n < at; n++)
            AddBefore(line, n, at - 1 - n);
        for (var later = at + 1; later < clustering.Lines.Count && later - at <= Reach; later++)
            AddAfter(line, at, later);
        for (var row = 0; row < _conversations.Count; row++)
            Finish(RowOf(rows, row), row, line.Observed, at);
        Compare(rows, line);
    }

    private void Gather(int at)
    {
        _conversations.Clear();
        _rowOfConversation.Clear();
        for (var distance = 1; distance <= Reach; distance++)
        {
            Add(at - distance);
            Add(at + distance);
        }

        if (_rows.Length < (_conversations.Count + 1) * Count)
            _rows = new float[2 * (_conversations.Count + 1) * Count];
        if (_before.Length < _conversations.Count)
            (_before, _after) = (new int[2 * _conversations.Count], new int[2 * _conversations.Count]);
    }

    private void Add(int other)
    {
        if (other >= 0 && other < clustering.Lines.Count && clustering.Conversations[other] is >= 0 and var conversation && _rowOfConversation.TryAdd(conversation, _conversations.Count))
            _conversations.Add(conversation);
    }

    private void AddBefore(ScoredLine line, int n, int other)
    {
        if (clustering.Conversations[other] < 0)
            return;
        var row = _rowOfConversation[clustering.Conversations[other]];
        var f = RowOf(_rows, row);
        var member = clustering.Lines[other].Observed;
        AddScores(f, _before[row]++, n, line.Joins[n], line.Same[n], line.Cosines[n], line.Similarities[n], Before);
        f[RefinementFeature.BeforeLink] += MathF.Exp(line.Links[n]);
        if (_before[row] == 1)
        {
            f[RefinementFeature.BeforeCloseness] = 1 - FeatureScale.Lines(n + 1);
            f[RefinementFeature.BeforeMinutes] = FeatureScale.Minutes(line.Observed.At - member.At);
            f[RefinementFeature.BeforeIsBySpeaker] = member.Speaker == line.Observed.Speaker ? 1 : 0;
            f[RefinementFeature.BeforeAddressesSpeaker] = member.Addresses(line.Observed.Speaker) ? 1 : 0;
            f[RefinementFeature.HasPreviousLine] = n == 0 ? 1 : 0;
        }

        if (member.Speaker == line.Observed.Speaker && f[RefinementFeature.BeforeSpeakerCloseness] == 0)
        {
            f[RefinementFeature.BeforeSpeakerCloseness] = 2 - FeatureScale.Lines(n + 1);
            f[RefinementFeature.BeforeSpeakerMinutes] = FeatureScale.Minutes(line.Observed.At - member.At);
        }

        if (line.Observed.Addresses(member.Speaker))
            f[RefinementFeature.AddresseeCloseness] = Math.Max(f[RefinementFeature.AddresseeCloseness], 1 / (1 + FeatureScale.Lines(n + 1)));
    }

    private void AddAfter(ScoredLine line, int at, int later)
    {
        var n = later - at - 1;
        var other = clustering.Lines[later];
        if (clustering.Conversations[later] < 0 || n >= other.Links.Length)
            return;
        var row = _rowOfConversation[clustering.Conversations[later]];
        var f = RowOf(_rows, row);
        f[RefinementFeature.AfterLink] += MathF.Exp(other.Links[n]);
        AddScores(f, _after[row]++, n, other.Joins[n], other.Same[n], other.Cosines[n], other.Similarities[n], After);
        if (_after[row] == 1)
        {
            f[RefinementFeature.AfterCloseness] = 1 - FeatureScale.Lines(n + 1);
            f[RefinementFeature.AfterMinutes] = FeatureScale.Minutes(other.Observed.At - line.Observed.At);
            f[RefinementFeature.AfterIsBySpeaker] = other.Observed.Speaker == line.Observed.Speaker ? 1 : 0;
            f[RefinementFeature.HasNextLine] = n == 0 ? 1 : 0;
        }

        if (other.Observed.Speaker == line.Observed.Speaker && f[RefinementFeature.AfterSpeakerCloseness] == 0)
        {
            f[RefinementFeature.AfterSpeakerCloseness] = 2 - FeatureScale.Lines(n + 1);
            f[RefinementFeature.AfterSpeakerMinutes] = FeatureScale.Minutes(other.Observed.At - line.Observed.At);
        }

        if (n < 30 && other.Observed.Addresses(line.Observed.Speaker))
            f[RefinementFeature.AfterAddressesSpeakerCloseness] = Math.Max(f[RefinementFeature.AfterAddressesSpeakerCloseness], 1 / (1 + FeatureScale.Lines(n + 1)));
    }

    /// <summary>Adds the scores of one more line of the conversation; lines come nearest first.</summary>
    private static void AddScores(FeatureRow<RefinementFeature> f, int seen, int n, float join, float same, float cosine, float similarity, Side side)
    {
        var odds = Math.Clamp(same, -8, 8);
        f[side.Join] += MathF.Exp(join);
        f[side.GreatestJoin] = Math.Max(f[side.GreatestJoin], MathF.Exp(join));
        if (seen == 0)
            f[side.NearestSameOdds] = odds / 3;
        if (seen < 3)
            f[side.SameOddsOfNearest3] += odds / 3;
        if (seen < 10)
            f[side.SameOddsOfNearest10] += odds / 3;
        if (n < 30)
            f[side.SameOddsWithin30] += odds / 20;
        if (n < 60)
        {
            f[side.PositiveSameOddsWithin60] += Math.Max(0, odds) / 20;
            f[side.NegativeSameOddsWithin60] += Math.Min(0, odds) / 20;
        }

        if (n < 12)
            f[side.SameOddsWithin12] += odds / 10;
        f[side.MeanCosine] += 4 * cosine;
        f[side.GreatestCosine] = Math.Max(f[side.GreatestCosine], 2 * cosine);
        f[side.MeanSimilarity] += similarity;
        f[side.GreatestSimilarity] = seen == 0 ? similarity : Math.Max(f[side.GreatestSimilarity], similarity);
    }

    private void Finish(FeatureRow<RefinementFeature> f, int row, ObservedLine line, int at)
    {
        var (before, after) = (_before[row], _after[row]);
        f[RefinementFeature.BeforeJoin] = MathF.Log(f[RefinementFeature.BeforeJoin] + 1e-6f) / 3;
        f[RefinementFeature.BeforeGreatestJoin] = MathF.Log(f[RefinementFeature.BeforeGreatestJoin] + 1e-6f) / 3;
        f[RefinementFeature.BeforeLink] = MathF.Log(f[RefinementFeature.BeforeLink] + 1e-6f) / 3;
        f[RefinementFeature.AfterLink] = MathF.Log(f[RefinementFeature.AfterLink] + 1e-3f) / 3;
        f[RefinementFeature.AfterJoin] = MathF.Log(f[RefinementFeature.AfterJoin] + 1e-3f) / 3;
        f[RefinementFeature.AfterGreatestJoin] = MathF.Log(f[RefinementFeature.AfterGreatestJoin] + 1e-3f) / 3;
        f[RefinementFeature.BeforeSameOddsOfNearest3] /= Math.Max(1, Math.Min(3, before));
        f[RefinementFeature.BeforeSameOddsOfNearest10] /= Math.Max(1, Math.Min(10, before));
        f[RefinementFeature.AfterSameOddsOfNearest3] /= Math.Max(1, Math.Min(3, after));
        f[RefinementFeature.AfterSameOddsOfNearest10] /= Math.Max(1, Math.Min(10, after));
        f[RefinementFeature.BeforeMeanCosine] /= Math.Max(1, before);
        f[RefinementFeature.AfterMeanCosine] /= Math.Max(1, after);
        f[RefinementFeature.BeforeMeanSimilarity] /= Math.Max(1, before);
        f[RefinementFeature.AfterMeanSimilarity] /= Math.Max(1, after);
        f[RefinementFeature.HasBefore] = before > 0 ? 1 : 0;
        f[RefinementFeature.HasAfter] = after > 0 ? 1 : 0;
        var conversation = _conversations[row];
        var (size, ofSpeaker, speakers) = clustering.CountsOf(conversation, line.Speaker);
        var present = clustering.Conversations[at] == conversation ? 1 : 0;
        f[RefinementFeature.Size] = MathF.Log(1 + size - present) / 3;
        f[RefinementFeature.Speakers] = MathF.Log(1 + speakers) / 2;
        f[RefinementFeature.HasSpeaker] = ofSpeaker > present ? 1 : 0;
        f[RefinementFeature.SpeakerShare] = (ofSpeaker - present) / (float)Math.Max(1, size - present);
        f[RefinementFeature.LacksAddressee] = line.Mentions.Count > 0 && f[RefinementFeature.AddresseeCloseness] == 0 ? 1 : 0;
        f[RefinementFeature.IsFirstAssignment] = clustering.InitialConversations[at] == conversation ? 1 : 0;
        f[RefinementFeature.IsPresentAssignment] = present;
        f[RefinementFeature.SameOddsWithin30] = f[RefinementFeature.BeforeSameOddsWithin30] + f[RefinementFeature.AfterSameOddsWithin30];
        f[RefinementFeature.IsDialogueWithSpeaker] = speakers == 2 && f[RefinementFeature.HasSpeaker] == 1 ? 1 : 0;
    }

    private void Compare(Span<float> rows, ScoredLine line)
    {
        var (bestJoin, secondJoin) = Greatest(rows, RefinementFeature.BeforeJoin);
        var (bestOdds, secondOdds) = Greatest(rows, RefinementFeature.SameOddsWithin30);
        for (var row = 0; row <= _conversations.Count; row++)
        {
            var f = RowOf(rows, row);
            if (row < _conversations.Count)
            {
                f[RefinementFeature.JoinLead] = f[RefinementFeature.BeforeJoin] - (f[RefinementFeature.BeforeJoin] == bestJoin ? secondJoin : bestJoin);
                f[RefinementFeature.SameOddsLead] = f[RefinementFeature.SameOddsWithin30] - (f[RefinementFeature.SameOddsWithin30] == bestOdds ? secondOdds : bestOdds);
                f[RefinementFeature.HasGreatestSameOdds] = f[RefinementFeature.SameOddsWithin30] == bestOdds ? 1 : 0;
            }
            else
            {
                f[RefinementFeature.IsNew] = 1;
                f[RefinementFeature.NewGreatestJoin] = bestJoin;
                f[RefinementFeature.NewGreatestSameOdds] = bestOdds;
            }

            f[RefinementFeature.Opens] = line.Opens / 3;
            f[RefinementFeature.RoomMentionRate] = line.MentionRate;
            f[RefinementFeature.RoomSlowness] = MathF.Log(line.Slowness);
            f[RefinementFeature.ConversationCount] = MathF.Log(1 + _conversations.Count) / 2;
            f[RefinementFeature.LineWordCount] = line.Observed.Trait(LineTrait.WordCount);
            f[RefinementFeature.LineIsFiller] = line.Observed.Trait(LineTrait.IsFiller);
            f[RefinementFeature.LineAsks] = line.Observed.Trait(LineTrait.Asks);
            f[RefinementFeature.LineGreets] = line.Observed.Trait(LineTrait.Greets);
            f[RefinementFeature.LineContinues] = line.Observed.Trait(LineTrait.Continues);
            f[RefinementFeature.LineAddressesEveryone] = line.Observed.Trait(LineTrait.AddressesEveryone);
            f[RefinementFeature.LineMentionsSomeone] = line.Observed.Mentions.Count > 0 ? 1 : 0;
            f[RefinementFeature.IsFirstLineOfSpeaker] = line.Observed.EarlierLinesOfSpeaker == 0 ? 1 : 0;
            f[RefinementFeature.LineHangulShare] = line.Observed.Trait(LineTrait.HangulShare);
            f[RefinementFeature.LineAnswers] = line.Observed.Trait(LineTrait.Answers);
            f[RefinementFeature.HasEmbedding] = line.Observed.Embedding is null ? 0 : 1;
        }
    }

    private static FeatureRow<RefinementFeature> RowOf(Span<float> rows, int row) => new(rows.Slice(row * Count, Count));

    private (float Best, float Second) Greatest(Span<float> rows, RefinementFeature feature)
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

    /// <summary>The features that are filled alike for either side in time.</summary>
    private sealed record Side(
        RefinementFeature Join,
        RefinementFeature GreatestJoin,
        RefinementFeature NearestSameOdds,
        RefinementFeature SameOddsOfNearest3,
        RefinementFeature SameOddsOfNearest10,
        RefinementFeature SameOddsWithin30,
        RefinementFeature PositiveSameOddsWithin60,
        RefinementFeature NegativeSameOddsWithin60,
        RefinementFeature SameOddsWithin12,
        RefinementFeature MeanCosine,
        RefinementFeature GreatestCosine,
        RefinementFeature MeanSimilarity,
        RefinementFeature GreatestSimilarity);
}
