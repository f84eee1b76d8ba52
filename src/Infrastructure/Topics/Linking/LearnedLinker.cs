using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// Links each line by what the scorers learned: every candidate is weighed, then every conversation that is going on, and the likeliest conversation wins; the link
/// goes to its likeliest line. An explicit reply is always obeyed.
/// </summary>
internal sealed class LearnedLinker(LinkWeights weights) : ILinker
{
    private const int PruneEvery = 256;

    private readonly RoomMemory _room = new();
    private readonly LinkFeatures _features = new();
    private readonly TalkFeatures _talkFeatures = new();
    private readonly Dictionary<int, Talk> _live = [];
    private readonly float[] _links = new float[RoomMemory.Candidates];
    private readonly float[] _same = new float[RoomMemory.Candidates];

    // All that is kept of every line: a reply may reach back any distance.
    private readonly List<int> _numbers = [];
    private int _next;

    /// <summary>How alike the last verdict's kin was.</summary>
    public float KinAlike { get; private set; }

    public RoomMemory Room => _room;

    /// <summary>The number that the next conversation to open gets.</summary>
    public int Next => _next;

    /// <summary>What the last line was weighed by; for training.</summary>
    public TalkFeatures Weighed => _talkFeatures;

    /// <summary>Candidates of the last line, newest first, with what the scorers said of them.</summary>
    public (LinkFeatures Features, float[] Links, float[] Same) Scores => (_features, _links, _same);

    public void Observe(ChatLine line, int conversation)
    {
        var heard = Hear(line);
        Take(heard, conversation);
    }

    public LinkVerdict Link(ChatLine line)
    {
        var heard = Hear(line);
        var verdict = Judge(heard);
        Take(heard, verdict.Conversation);
        return verdict;
    }

    /// <summary>Reads a line and weighs its candidates and conversations.</summary>
    public (HeardLine Line, float Opens) Weigh(ChatLine line)
    {
        var heard = Hear(line);
        return (heard, Weigh(heard));
    }

    private float Weigh(HeardLine line)
    {
        _features.Fill(_room, line);
        var opens = weights.Links.Score(_features, _room, _links, _same);
        _talkFeatures.Fill(_room, line, _features, _links, _same, opens, _live);
        return opens;
    }

    private LinkVerdict Judge(HeardLine line)
    {
        if (line.Said.ReplyTo is { } answered && answered >= 0 && answered < _numbers.Count)
            return new LinkVerdict(answered, _numbers[answered] >= 0 ? _numbers[answered] : _next, null);
        if (line.Said.IsSystem)
            return new LinkVerdict(null, -1, null);
        var number = Number(Weigh(line));
        if (number < _next)
            return new LinkVerdict(LikeliestIn(number), number, null);
        return EmptyChatter.Is(line.Said.Content) ? new LinkVerdict(null, -1, null) : new LinkVerdict(null, _next, Kin(line));
    }

    /// <summary>The conversation that the line weighed last belongs to; a new number where it opens one.</summary>
    public int Number(float opens)
    {
        var choice = Choose(opens);
        return choice < _talkFeatures.Talks.Count ? _talkFeatures.Talks[choice].Number : _next;
    }

    private int Choose(float opens)
    {
        var count = _talkFeatures.Talks.Count;
        Span<float> chances = count < 256 ? stackalloc float[count + 1] : new float[count + 1];
        var how = Environment.GetEnvironmentVariable("CHOOSE");
        if (how is "sum" or "mean")
        {
            var reach = int.Parse(Environment.GetEnvironmentVariable("REACH") ?? "30");
            var bias = float.Parse(Environment.GetEnvironmentVariable("BIAS") ?? "0");
            for (var n = 0; n < Math.Min(reach, _features.Count); n++)
            {
                var candidate = LinkFeatures.Candidate(_room, n);
                for (var talk = 0; talk < count; talk++)
                    if (_talkFeatures.Talks[talk].Number == candidate.Conversation)
                        chances[talk] += _same[n] + bias;
            }
            chances[count] = 0;
        }
        else if (how is null && weights.Talks is { } talks)
            talks.Score(_talkFeatures.Rows, chances);
        else
        {
            for (var talk = 0; talk < count; talk++)
                chances[talk] = _talkFeatures.LinkOf(talk);
            chances[count] = opens;
        }

        var best = count;
        for (var talk = 0; talk < count; talk++)
        {
            if (chances[talk] > chances[best])
                best = talk;
        }

        return best;
    }

    public int LikeliestIn(int conversation)
    {
        var (best, at) = (float.NegativeInfinity, -1);
        for (var n = 0; n < _features.Count; n++)
        {
            var candidate = LinkFeatures.Candidate(_room, n);
            if (candidate.Conversation == conversation && _links[n] > best)
                (best, at) = (_links[n], candidate.Index);
        }

        return at;
    }

    /// <summary>The remembered conversation that a line which opens one is most like.</summary>
    private int? Kin(HeardLine line)
    {
        const float least = 0.15f;
        KinAlike = 0;
        int? kin = null;
        for (var n = 0; n < _features.Count; n++)
        {
            var candidate = LinkFeatures.Candidate(_room, n);
            if (candidate.Conversation >= 0 && _features.Cosines[n] >= least && _features.Cosines[n] > KinAlike)
                (kin, KinAlike) = (candidate.Conversation, _features.Cosines[n]);
        }

        return kin;
    }

    private HeardLine Hear(ChatLine line)
    {
        var heard = _room.Hear(line);
        heard.Prepared = weights.Links.Prepare(heard);
        return heard;
    }

    public void Take(HeardLine line, int number)
    {
        line.Conversation = number;
        _room.Take(line);
        _numbers.Add(number);
        _next = Math.Max(_next, number + 1);
        if (number < 0 || line.Said.IsSystem)
            return;
        if (!_live.TryGetValue(number, out var talk))
            _live[number] = talk = new Talk(number);
        talk.Take(line);
        if (line.Order % PruneEvery == 0)
            Prune(line.Order);
    }

    private void Prune(int order)
    {
        foreach (var (number, talk) in _live.Where(entry => entry.Value.Last.Order < order - (2 * RoomMemory.Candidates)).ToList())
            _live.Remove(number);
    }
}
