using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// Links each line by what the scorers learned: every candidate is weighed, then every conversation that is going on, and the likeliest conversation wins; the link
/// goes to its likeliest line. An explicit reply is always obeyed.
/// </summary>
/// <param name="weights">What was learned.</param>
/// <param name="isLearning">Nothing but the scorers chooses, so that a chooser learns from what they make of a room.</param>
internal sealed class LearnedLinker(LinkWeights weights, bool isLearning = false) : ILinker
{
    private const int PruneEvery = 256;

    /// <summary>Cosine similarity of lines about the same things.</summary>
    private const float SameThings = 0.25f;

    /// <summary>In a room of usual pace; a slow room's silences are longer.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(30);

    private readonly LinkerState _room = new();
    private readonly LinkFeatures _features = new();
    private readonly ConversationFeatures _talkFeatures = new();
    private readonly Dictionary<int, OpenConversation> _live = [];
    private readonly LinkScores _scores = new();

    // All that is kept of every line: a reply may reach back any distance.
    private readonly List<int> _numbers = [];

    // Noise that somebody answered explicitly, and the conversation that this opened: whoever else answers it is in the same one.
    private readonly Dictionary<int, int> _openedBy = [];
    private int _next;
    private float _margin;

    /// <summary>How alike the last verdict's kin was.</summary>
    public float KinAlike { get; private set; }

    public LinkerState Room => _room;

    /// <summary>The number that the next conversation to open gets.</summary>
    public int Next => _next;

    /// <summary>What the last line was weighed by; for training.</summary>
    public ConversationFeatures Weighed => _talkFeatures;

    /// <summary>What the scorers said of the last line's candidates.</summary>
    public LinkScores Scores => _scores;

    public void Observe(ChatLine line, int conversation)
    {
        var heard = Hear(line);
        Take(heard, conversation, _live.TryGetValue(conversation, out var talk) ? talk.Last.Index : null);
    }

    public LinkDecision Link(ChatLine line)
    {
        var heard = Hear(line);
        var verdict = Judge(heard);
        Take(heard, verdict.Conversation, verdict.Antecedent);
        return verdict;
    }

    /// <summary>Reads a line and weighs its candidates and conversations.</summary>
    public ObservedLine Weigh(ChatLine line)
    {
        var heard = Hear(line);
        Weigh(heard);
        return heard;
    }

    private void Weigh(ObservedLine line)
    {
        _features.Fill(_room, line);
        weights.Links.Score(_features, _room, _scores);
        _talkFeatures.Fill(_room, line, _features, _scores, _live);
    }

    private LinkDecision Judge(ObservedLine line)
    {
        if (line.Said.ReplyTo is { } answered && answered >= 0 && answered < _numbers.Count)
            return new LinkDecision(answered, _numbers[answered] >= 0 ? _numbers[answered] : _openedBy.GetValueOrDefault(answered, _next), null);
        if (line.Said.IsSystem)
            return new LinkDecision(null, -1, null);
        Weigh(line);
        var number = Number(line);
        if (number < _next)
            return new LinkDecision(LikeliestIn(number), number, null) { Margin = _margin };
        return FillerDetector.IsFiller(line.Said.Content) ? new LinkDecision(null, -1, null) : new LinkDecision(null, _next, SimilarConversation(line)) { Margin = _margin };
    }

    /// <summary>The conversation that the line weighed last belongs to; a new number where it opens one.</summary>
    public int Number(ObservedLine line)
    {
        var choice = Choose(line);
        return choice < _talkFeatures.Conversations.Count ? _talkFeatures.Conversations[choice].Number : _next;
    }

    private int Choose(ObservedLine line)
    {
        var count = _talkFeatures.Conversations.Count;
        Span<float> chances = count < 256 ? stackalloc float[count + 1] : new float[count + 1];
        if (weights.Talks is { } talks)
            talks.Score(_talkFeatures.Rows, chances);
        else
        {
            for (var talk = 0; talk < count; talk++)
                chances[talk] = _talkFeatures.LinkOf(talk);
            chances[count] = _scores.Opens;
        }

        var best = count;
        for (var talk = 0; talk < count; talk++)
        {
            if (chances[talk] > chances[best] && (isLearning || !IsOver(_talkFeatures.Conversations[talk], line)))
                best = talk;
        }

        _margin = ConversationScorer.Margin(chances, best);
        return best;
    }

    /// <summary>The line heard last with all that was said of it, to be looked at again; without scores where it had no choice.</summary>
    public ScoredLine? LastWeighed() => _room.Recent is [.., var last] && last.Index == _numbers.Count - 1
        ? new ScoredLine(
            last,
            _scores.Links[.._scores.Count],
            _scores.Joins[.._scores.Count],
            _scores.Same[.._scores.Count],
            _features.Cosines[.._scores.Count].ToArray(),
            _features.Senses[.._scores.Count].ToArray(),
            _scores.Opens,
            (float)_room.Tempo.Naming,
            (float)_room.Tempo.Slowness)
        : null;

    /// <summary>
    /// Whether a conversation has been silent for so long that a line goes on with it only by calling somebody of it, or if its speaker took part and speaks of the
    /// same things. The logs that the scorers learned from know no such silence.
    /// </summary>
    private bool IsOver(OpenConversation talk, ObservedLine line)
    {
        if (line.At - talk.Last.At <= Silence * _room.Tempo.Slowness || line.Calls.Any(call => talk.LastOf(call.Speaker) is not null))
            return false;
        return talk.LastOf(line.Speaker) is null || talk.Recent.Max(recent => recent.Vector.Cosine(line.Vector)) < SameThings;
    }

    public int LikeliestIn(int conversation)
    {
        var (best, at) = (float.NegativeInfinity, -1);
        for (var n = 0; n < _features.Count; n++)
        {
            var candidate = LinkFeatures.Candidate(_room, n);
            if (candidate.Conversation == conversation && _scores.Links[n] > best)
                (best, at) = (_scores.Links[n], candidate.Index);
        }

        return at;
    }

    /// <summary>The remembered conversation that a line which opens one is most like.</summary>
    private int? SimilarConversation(ObservedLine line)
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

    private ObservedLine Hear(ChatLine line)
    {
        _scores.Clear(0);
        var heard = _room.Hear(line);
        heard.Prepared = weights.Links.Prepare(heard);
        return heard;
    }

    public void Take(ObservedLine line, int number, int? antecedent)
    {
        if (antecedent is { } index && _room.Find(index) is { } answered)
            line.Answer(answered);
        line.Conversation = number;
        if (number >= 0 && line.Said.ReplyTo is { } noise && noise >= 0 && noise < _numbers.Count && _numbers[noise] < 0)
            _openedBy.TryAdd(noise, number);
        _room.Take(line);
        _numbers.Add(number);
        _next = Math.Max(_next, number + 1);
        if (number < 0 || line.Said.IsSystem)
            return;
        if (!_live.TryGetValue(number, out var talk))
            _live[number] = talk = new OpenConversation(number);
        talk.Take(line);
        if (line.Order % PruneEvery == 0)
            Prune(line.Order);
    }

    private void Prune(int order)
    {
        foreach (var (number, talk) in _live.Where(entry => entry.Value.Last.Order < order - (2 * LinkerState.Candidates)).ToList())
            _live.Remove(number);
    }
}
