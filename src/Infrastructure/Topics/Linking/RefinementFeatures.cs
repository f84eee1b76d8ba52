namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// What may tell whether a line belongs to a conversation when everything around it has been filed once: what the scorers say of it and the conversation's lines
/// before and after it, who takes part, and where it is filed now. The last row stands for a conversation of its own.
/// </summary>
internal sealed class RefinementFeatures(Clustering filed)
{
    public const int Count = 75;

    /// <summary>Lines of talk to either side that are looked at.</summary>
    public const int Reach = LinkerState.Candidates;

    private readonly List<int> _numbers = [];
    private readonly Dictionary<int, int> _rowOf = [];
    private float[] _rows = new float[32 * Count];
    private int[] _before = new int[32], _after = new int[32];

    /// <summary>The conversations around the line, the nearest first.</summary>
    public IReadOnlyList<int> Numbers => _numbers;

    /// <summary>[conversations + 1, <see cref="Count"/>].</summary>
    public ReadOnlySpan<float> Rows => _rows.AsSpan(0, (_numbers.Count + 1) * Count);

    /// <summary>The row of the conversation that a line is filed in now; the last row where it is alone there.</summary>
    public int RowNow(int at) => _rowOf.GetValueOrDefault(filed.Numbers[at], _numbers.Count);

    /// <param name="at">Which line of talk.</param>
    public void Fill(int at)
    {
        var line = filed.Lines[at];
        var me = line.Line;
        Gather(at);
        var rows = _rows.AsSpan(0, (_numbers.Count + 1) * Count);
        rows.Clear();
        _before.AsSpan().Clear();
        _after.AsSpan().Clear();
        for (var n = 0; n < line.Links.Length && n < at; n++)
            AddBefore(line, n, at - 1 - n);
        for (var later = at + 1; later < filed.Lines.Count && later - at <= Reach; later++)
            AddAfter(line, at, later);
        for (var row = 0; row < _numbers.Count; row++)
            Finish(rows.Slice(row * Count, Count), row, me, at);
        Compare(rows, line);
    }

    private void Gather(int at)
    {
        _numbers.Clear();
        _rowOf.Clear();
        for (var distance = 1; distance <= Reach; distance++)
        {
            Add(at - distance);
            Add(at + distance);
        }

        if (_rows.Length < (_numbers.Count + 1) * Count)
            _rows = new float[2 * (_numbers.Count + 1) * Count];
        if (_before.Length < _numbers.Count)
            (_before, _after) = (new int[2 * _numbers.Count], new int[2 * _numbers.Count]);
    }

    private void Add(int other)
    {
        if (other >= 0 && other < filed.Lines.Count && filed.Numbers[other] is >= 0 and var number && _rowOf.TryAdd(number, _numbers.Count))
            _numbers.Add(number);
    }

    private void AddBefore(ScoredLine line, int n, int other)
    {
        if (filed.Numbers[other] < 0)
            return;
        var row = _rowOf[filed.Numbers[other]];
        var f = _rows.AsSpan(row * Count, Count);
        var them = filed.Lines[other].Line;
        AddScores(f, _before[row]++, n, line.Joins[n], line.Same[n], line.Cosines[n], line.Senses[n], 0);
        f[68] += MathF.Exp(line.Links[n]);
        if (_before[row] == 1)
        {
            f[22] = 1 - Lines(n + 1);
            f[23] = Minutes(line.Line.At - them.At);
            f[36] = them.Speaker == line.Line.Speaker ? 1 : 0;
            f[38] = them.CallsSomebody(line.Line.Speaker) ? 1 : 0;
            f[55] = n == 0 ? 1 : 0;
        }

        if (them.Speaker == line.Line.Speaker && f[32] == 0)
        {
            f[32] = 2 - Lines(n + 1);
            f[33] = Minutes(line.Line.At - them.At);
        }

        if (line.Line.CallsSomebody(them.Speaker))
            f[39] = Math.Max(f[39], 1 / (1 + Lines(n + 1)));
    }

    private void AddAfter(ScoredLine line, int at, int later)
    {
        var n = later - at - 1;
        var other = filed.Lines[later];
        if (filed.Numbers[later] < 0 || n >= other.Links.Length)
            return;
        var row = _rowOf[filed.Numbers[later]];
        var f = _rows.AsSpan(row * Count, Count);
        f[69] += MathF.Exp(other.Links[n]);
        AddScores(f, _after[row]++, n, other.Joins[n], other.Same[n], other.Cosines[n], other.Senses[n], 9);
        if (_after[row] == 1)
        {
            f[24] = 1 - Lines(n + 1);
            f[25] = Minutes(other.Line.At - line.Line.At);
            f[37] = other.Line.Speaker == line.Line.Speaker ? 1 : 0;
            f[56] = n == 0 ? 1 : 0;
        }

        if (other.Line.Speaker == line.Line.Speaker && f[34] == 0)
        {
            f[34] = 2 - Lines(n + 1);
            f[35] = Minutes(other.Line.At - line.Line.At);
        }

        if (n < 30 && other.Line.CallsSomebody(line.Line.Speaker))
            f[40] = Math.Max(f[40], 1 / (1 + Lines(n + 1)));
    }

    /// <summary>Takes one more member in; members come nearest first.</summary>
    private static void AddScores(Span<float> f, int seen, int n, float link, float same, float cosine, float sense, int from)
    {
        var odds = Math.Clamp(same, -8, 8);
        f[from] += MathF.Exp(link);
        f[from + 1] = Math.Max(f[from + 1], MathF.Exp(link));
        if (seen == 0)
            f[from + 2] = odds / 3;
        if (seen < 3)
            f[from + 3] += odds / 3;
        if (seen < 10)
            f[from + 4] += odds / 3;
        if (n < 30)
            f[from + 5] += odds / 20;
        if (n < 60)
        {
            f[from + 6] += Math.Max(0, odds) / 20;
            f[from + 7] += Math.Min(0, odds) / 20;
        }

        if (n < 12)
            f[from + 8] += odds / 10;
        var side = from == 0 ? 18 : 20;
        f[side] += 4 * cosine;
        f[side + 1] = Math.Max(f[side + 1], 2 * cosine);
        side = from == 0 ? 70 : 72;
        f[side] += sense;
        f[side + 1] = seen == 0 ? sense : Math.Max(f[side + 1], sense);
    }

    private void Finish(Span<float> f, int row, ObservedLine me, int at)
    {
        var (before, after) = (_before[row], _after[row]);
        f[0] = MathF.Log(f[0] + 1e-6f) / 3;
        f[1] = MathF.Log(f[1] + 1e-6f) / 3;
        f[68] = MathF.Log(f[68] + 1e-6f) / 3;
        f[69] = MathF.Log(f[69] + 1e-3f) / 3;
        f[9] = MathF.Log(f[9] + 1e-3f) / 3;
        f[10] = MathF.Log(f[10] + 1e-3f) / 3;
        f[3] /= Math.Max(1, Math.Min(3, before));
        f[4] /= Math.Max(1, Math.Min(10, before));
        f[12] /= Math.Max(1, Math.Min(3, after));
        f[13] /= Math.Max(1, Math.Min(10, after));
        f[18] /= Math.Max(1, before);
        f[20] /= Math.Max(1, after);
        f[70] /= Math.Max(1, before);
        f[72] /= Math.Max(1, after);
        f[26] = before > 0 ? 1 : 0;
        f[27] = after > 0 ? 1 : 0;
        var number = _numbers[row];
        var (size, own, speakers) = filed.Parts(number, me.Speaker);
        var mine = filed.Numbers[at] == number ? 1 : 0;
        f[28] = MathF.Log(1 + size - mine) / 3;
        f[29] = MathF.Log(1 + speakers) / 2;
        f[30] = own > mine ? 1 : 0;
        f[31] = (own - mine) / (float)Math.Max(1, size - mine);
        f[41] = me.Calls.Count > 0 && f[39] == 0 ? 1 : 0;
        f[42] = filed.First[at] == number ? 1 : 0;
        f[43] = mine;
        f[47] = f[5] + f[14];
        f[48] = speakers == 2 && f[30] == 1 ? 1 : 0;
    }

    private void Compare(Span<float> rows, ScoredLine line)
    {
        var (bestLink, secondLink) = Greatest(rows, 0);
        var (bestSum, secondSum) = Greatest(rows, 47);
        for (var row = 0; row <= _numbers.Count; row++)
        {
            var f = rows.Slice(row * Count, Count);
            if (row < _numbers.Count)
            {
                f[44] = f[0] - (f[0] == bestLink ? secondLink : bestLink);
                f[45] = f[47] - (f[47] == bestSum ? secondSum : bestSum);
                f[46] = f[47] == bestSum ? 1 : 0;
            }
            else
            {
                f[49] = 1;
                f[51] = bestLink;
                f[52] = bestSum;
            }

            f[50] = line.Opens / 3;
            f[53] = line.Naming;
            f[54] = MathF.Log(line.Slowness);
            f[57] = MathF.Log(1 + _numbers.Count) / 2;
            f[58] = line.Line.Traits[0];
            f[59] = line.Line.Traits[19];
            f[60] = line.Line.Traits[3];
            f[61] = line.Line.Traits[4];
            f[62] = line.Line.Traits[8];
            f[63] = line.Line.Traits[17];
            f[64] = line.Line.Calls.Count > 0 ? 1 : 0;
            f[65] = line.Line.SpeakerLine == 0 ? 1 : 0;
            f[66] = line.Line.Traits[20];
            f[67] = line.Line.Traits[7];
            f[74] = line.Line.Embedding is null ? 0 : 1;
        }
    }

    private (float Best, float Second) Greatest(ReadOnlySpan<float> rows, int feature)
    {
        var (best, second) = (-7f, -7f);
        for (var row = 0; row < _numbers.Count; row++)
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
