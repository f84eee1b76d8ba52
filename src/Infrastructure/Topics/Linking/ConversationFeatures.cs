namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// What may tell whether a line belongs to one of the conversations that are going on: what the two scorers say of its lines, who takes part, how long ago, and how
/// alike the words are. The last row stands for a new conversation.
/// </summary>
internal sealed class ConversationFeatures
{
    public const int Count = 66;

    private readonly List<OpenConversation> _talks = [];
    private readonly Dictionary<int, int> _rowOf = [];
    private readonly List<float> _sums = [];
    private float[] _rows = new float[32 * Count];

    /// <summary>The conversations, the one spoken in last first.</summary>
    public IReadOnlyList<OpenConversation> Conversations => _talks;

    /// <summary>[conversations + 1, <see cref="Count"/>].</summary>
    public ReadOnlySpan<float> Rows => _rows.AsSpan(0, (_talks.Count + 1) * Count);

    /// <summary>ln P(the line goes on with the conversation).</summary>
    public float LinkOf(int talk) => _sums[talk];

    public void Fill(LinkerState room, ObservedLine line, LinkFeatures features, LinkScores scores, IReadOnlyDictionary<int, OpenConversation> live)
    {
        Gather(room, scores, live);
        if (_rows.Length < (_talks.Count + 1) * Count)
            _rows = new float[2 * (_talks.Count + 1) * Count];
        var rows = _rows.AsSpan(0, (_talks.Count + 1) * Count);
        rows.Clear();
        var me = room.HistoryOf(line.Speaker);
        for (var talk = 0; talk < _talks.Count; talk++)
            FillTalk(rows.Slice(talk * Count, Count), _talks[talk], line, me);
        FillScores(rows, room, scores, features);
        var (bestLink, secondLink) = Greatest(rows, 0);
        var (bestSame, secondSame) = Greatest(rows, 5);
        var (bestAlike, _) = Greatest(rows, 24);
        var (greatestSum, _) = Greatest(rows, 8);
        var (bestSense, secondSense) = Greatest(rows, 61);
        for (var row = 0; row <= _talks.Count; row++)
        {
            var f = rows.Slice(row * Count, Count);
            if (row < _talks.Count)
            {
                f[59] = f[8] - greatestSum;
                f[28] = f[0] - (f[0] == bestLink ? secondLink : bestLink);
                f[29] = f[5] - (f[5] == bestSame ? secondSame : bestSame);
                f[30] = f[24] - bestAlike;
                f[64] = line.Embedding is null ? 0 : f[61] - (f[61] == bestSense ? secondSense : bestSense);
                f[31] = f[0] == bestLink ? 1 : 0;
                f[32] = f[5] == bestSame ? 1 : 0;
            }
            else
            {
                f[33] = 1;
                f[34] = bestLink;
                f[35] = bestSame;
                f[36] = bestAlike;
                f[62] = line.Embedding is null ? 0 : bestSense;
                f[59] = greatestSum;
            }

            f[37] = scores.Opens / 3;
            f[38] = (float)room.Tempo.Naming;
            f[39] = (float)Math.Log(room.Tempo.Slowness);
            f[40] = MathF.Log(1 + _talks.Count) / 2;
            f[41] = line.Traits[0];
            f[42] = line.Traits[19];
            f[43] = line.Traits[3];
            f[44] = line.Traits[4];
            f[45] = line.Traits[8];
            f[46] = line.Traits[17];
            f[47] = line.Calls.Count > 0 ? 1 : 0;
            f[48] = line.SpeakerLine == 0 ? 1 : 0;
            f[49] = me?.Last is { } own ? (float)Math.Log(1 + Math.Max(0, (line.At - own.At).TotalMinutes)) / 2 : 0;
            f[50] = line.Traits[20];
            f[51] = line.Traits[7];
            f[65] = line.Embedding is null ? 0 : 1;
        }
    }

    private void Gather(LinkerState room, LinkScores scores, IReadOnlyDictionary<int, OpenConversation> live)
    {
        _talks.Clear();
        _rowOf.Clear();
        _sums.Clear();
        for (var n = 0; n < scores.Count; n++)
        {
            var number = LinkFeatures.Candidate(room, n).Conversation;
            if (number < 0)
                continue;
            if (!_rowOf.TryGetValue(number, out var row))
            {
                _rowOf[number] = row = _talks.Count;
                _talks.Add(live[number]);
                _sums.Add(0);
            }

            _sums[row] += MathF.Exp(scores.Joins[n]);
        }

        for (var row = 0; row < _sums.Count; row++)
            _sums[row] = MathF.Log(_sums[row] + 1e-9f);
    }

    private void FillScores(Span<float> rows, LinkerState room, LinkScores scores, LinkFeatures features)
    {
        var cosines = features.Cosines;
        var senses = features.Senses;
        Span<int> seen = _talks.Count <= 128 ? stackalloc int[_talks.Count] : new int[_talks.Count];
        for (var row = 0; row < _talks.Count; row++)
        {
            rows[row * Count] = _sums[row] / 3;
            rows[(row * Count) + 1] = -7;
            rows[(row * Count) + 4] = -7;
        }

        for (var n = 0; n < cosines.Length; n++)
        {
            if (!_rowOf.TryGetValue(LinkFeatures.Candidate(room, n).Conversation, out var row))
                continue;
            var f = rows.Slice(row * Count, Count);
            var odds = Math.Clamp(scores.Same[n], -8, 8);
            f[1] = Math.Max(f[1], scores.Joins[n] / 3);
            f[60] += MathF.Exp(scores.Links[n]);
            f[4] = Math.Max(f[4], odds / 3);
            if (seen[row] == 0)
                f[7] = odds / 3;
            if (seen[row] < 3)
                f[5] += odds / 3;
            if (seen[row] < 10)
                f[6] += odds / 3;
            if (n < 30)
                f[8] += odds / 20;
            if (n < 12)
                f[56] += odds / 10;
            if (n < 60)
                f[57] += Math.Max(0, odds) / 20;
            if (n < 60)
                f[58] += Math.Min(0, odds) / 20;
            f[24] += 4 * cosines[n];
            f[25] = Math.Max(f[25], 2 * cosines[n]);
            f[61] += senses[n];
            f[62] = seen[row] == 0 ? senses[n] : Math.Max(f[62], senses[n]);
            if (seen[row] < 3)
                f[63] += senses[n];
            seen[row]++;
        }

        for (var row = 0; row < _talks.Count; row++)
        {
            var f = rows.Slice(row * Count, Count);
            f[60] = MathF.Log(f[60] + 1e-9f) / 3;
            f[5] /= Math.Min(3, seen[row]);
            f[6] /= Math.Min(10, seen[row]);
            f[24] /= seen[row];
            f[61] /= seen[row];
            f[63] /= Math.Min(3, seen[row]);
            f[26] = MathF.Log(1 + seen[row]) / 3;
        }
    }

    private static void FillTalk(Span<float> f, OpenConversation talk, ObservedLine line, SpeakerHistory? me)
    {
        f[9] = MathF.Log(1 + talk.Size) / 3;
        f[10] = MathF.Log(1 + talk.Speakers) / 2;
        if (talk.LastOf(line.Speaker) is { } own)
        {
            f[11] = 1;
            f[12] = talk.CountOf(line.Speaker) / (float)talk.Size;
            f[13] = Lines(line.Order - own.Order);
            f[14] = Minutes(line.At - own.At);
            f[15] = me?.Last == own ? 1 : 0;
        }

        f[16] = talk.Speakers == 1 ? 1 : 0;
        f[17] = talk.Last.Speaker == line.Speaker ? 1 : 0;
        f[18] = (float)Math.Exp(-Math.Max(0, (line.At - talk.Last.At).TotalSeconds) / 10);
        f[19] = Minutes(line.At - talk.Last.At);
        f[20] = Lines(line.Order - talk.Last.Order);
        f[21] = talk.Last.Traits[2];
        f[22] = talk.Last.CallsSomebody(line.Speaker) ? 1 : 0;
        foreach (var call in line.Calls)
        {
            if (talk.LastOf(call.Speaker) is { } theirs)
            {
                f[23] = 1;
                f[27] = Math.Max(f[27], 1 / (1 + Lines(line.Order - theirs.Order)));
            }
        }

        f[52] = me?.CalledBy is { } caller && caller.Conversation == talk.Number && caller.Order > (me.Last?.Order ?? -1) ? 1 : 0;
        f[53] = talk.Speakers == 2 && f[11] == 1 && f[17] == 0 ? 1 : 0;
        f[54] = line.Calls.Count > 0 && f[23] == 0 ? 1 : 0;
        f[55] = talk.Last.Order == line.Order - 1 ? 1 : 0;
    }

    private (float Best, float Second) Greatest(ReadOnlySpan<float> rows, int feature)
    {
        var (best, second) = (-7f, -7f);
        for (var row = 0; row < _talks.Count; row++)
        {
            var value = rows[(row * Count) + feature];
            if (value > best)
                (best, second) = (value, best);
            else if (value > second)
                second = value;
        }

        return (best, second);
    }

    private static float Minutes(TimeSpan gap) => (float)Math.Log(1 + Math.Max(0, gap.TotalMinutes)) / 2;

    private static float Lines(int count) => MathF.Log(1 + count) / 2;
}
