using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// Assigns each line by learned scores: the link model scores the candidates, the conversation scorer the open conversations. The line goes to the most likely
/// conversation and answers its most likely candidate. An explicit reply is always obeyed.
/// </summary>
internal sealed class LearnedLinker(LinkWeights weights) : ILinker
{
    private const int LinesBetweenPrunes = 256;

    /// <summary>Most conversations that a new line may continue, and how many lines back they may have been spoken in last.</summary>
    private const int MostOpen = 256, LongestMemory = 4_000;

    /// <summary>Below this share of lines that name someone, an answer without a name is nothing unusual.</summary>
    private const double RarelyNamed = 0.25;

    /// <summary>A room with fewer lines has just begun.</summary>
    public const int YoungRoom = 30;

    /// <summary>Least n-gram cosine of lines on the same subject.</summary>
    private const float SameSubject = 0.25f;

    /// <summary>A silence that is long at the usual pace; scaled by the room's slowness.</summary>
    private static readonly TimeSpan LongSilence = TimeSpan.FromMinutes(30);

    private readonly LinkerState _state = new();
    private readonly LinkFeatures _linkFeatures = new();
    private readonly ConversationFeatures _conversationFeatures = new();
    private readonly Dictionary<int, OpenConversation> _openConversations = [];
    private readonly LinkScores _scores = new();

    // The conversation of every line since the start, because a reply may point to any of them.
    private readonly List<int> _assignments = [];

    // By index of a noise line: the conversation that the first explicit reply to it opened. Later replies join it.
    private readonly Dictionary<int, int> _conversationOfRepliesTo = [];
    private int _nextConversation;
    private float _margin;

    /// <summary>N-gram cosine to <see cref="LinkDecision.SimilarConversation"/> in the last decision that has one.</summary>
    public float SimilarConversationCosine { get; private set; }

    public LinkerState State => _state;

    /// <summary>The number that the next conversation to open gets.</summary>
    public int NextConversation => _nextConversation;

    /// <summary>Features of the line scored last; for training.</summary>
    public ConversationFeatures ConversationFeatures => _conversationFeatures;

    /// <summary>Link scores of the candidates of the line scored last.</summary>
    public LinkScores Scores => _scores;

    public void Observe(ChatLine line, int conversation)
    {
        var observed = Read(line);
        Assign(observed, conversation, _openConversations.TryGetValue(conversation, out var open) ? open.Last.Index : null);
    }

    public LinkDecision Link(ChatLine line)
    {
        var observed = Read(line);
        var decision = Decide(observed);
        Assign(observed, decision.Conversation, decision.Antecedent);
        return decision;
    }

    /// <summary>Observes a line and scores its candidates and conversations; it is not assigned.</summary>
    public ObservedLine Score(ChatLine line)
    {
        var observed = Read(line);
        Score(observed);
        return observed;
    }

    private void Score(ObservedLine line)
    {
        _linkFeatures.Fill(_state, line);
        weights.Links.Score(_linkFeatures, _state, _scores);
        _conversationFeatures.Fill(_state, line, _linkFeatures, _scores, _openConversations);
    }

    private LinkDecision Decide(ObservedLine line)
    {
        if (line.Source.ReplyTo is { } answered && answered >= 0 && answered < _assignments.Count)
            return new LinkDecision(answered, _assignments[answered] >= 0 ? _assignments[answered] : _conversationOfRepliesTo.GetValueOrDefault(answered, _nextConversation), null);
        if (line.Source.IsSystem)
            return new LinkDecision(null, -1, null);
        Score(line);
        var conversation = ChooseConversation(line);
        if (FindQuestion(line) is { } question && question.Conversation != conversation && (HasFewConversations() || (conversation == _nextConversation && _state.Tempo.MentionRate < RarelyNamed)))
            return new LinkDecision(question.Index, question.Conversation, null) { Margin = _margin };
        if (conversation == _nextConversation && _state.Recent.Count < YoungRoom && FindAddressed(line) is { } addressed)
            return new LinkDecision(addressed.Index, addressed.Conversation, null) { Margin = _margin };
        if (conversation < _nextConversation)
            return new LinkDecision(MostLikelyAntecedent(conversation), conversation, null) { Margin = _margin };
        return FillerDetector.IsNothingAlone(line.Source.Content)
            ? new LinkDecision(null, -1, null)
            : new LinkDecision(null, _nextConversation, FindSimilarConversation()) { Margin = _margin };
    }

    /// <summary>
    /// The rule of the short answer: a line of a word or two, directly after another's question, answers it and opens no conversation. Its own words show the scorers too
    /// little of what it is about.
    /// </summary>
    private ObservedLine? FindQuestion(ObservedLine line)
    {
        if (!ShortAnswer.IsOne(line) || _linkFeatures.Count == 0 || _state.Candidate(0) is not { Conversation: >= 0 } newest || !ShortAnswer.Asks(newest, line))
            return null;
        return line.At - newest.At <= LongSilence * _state.Tempo.Slowness ? newest : null;
    }

    /// <summary>The last line of somebody whom the line calls by a marked name; null: it calls nobody who is in a conversation.</summary>
    private ObservedLine? FindAddressed(ObservedLine line)
    {
        foreach (var mention in line.Mentions)
        {
            if (mention.Marked && !mention.Guessed && _state.HistoryOf(mention.Speaker)?.Last is { Conversation: >= 0 } last)
                return last;
        }

        return null;
    }

    private bool HasFewConversations()
    {
        const int lines = 10, most = 2;
        return _state.Recent.Skip(Math.Max(0, _state.Recent.Count - lines)).Select(line => line.Conversation).Where(number => number >= 0).Distinct().Count() <= most;
    }

    /// <summary>The conversation that the line scored last belongs to; <see cref="NextConversation"/> where it opens one.</summary>
    public int ChooseConversation(ObservedLine line)
    {
        var row = ChooseRow(line);
        return row < _conversationFeatures.Conversations.Count ? _conversationFeatures.Conversations[row].Number : _nextConversation;
    }

    private int ChooseRow(ObservedLine line)
    {
        var count = _conversationFeatures.Conversations.Count;
        Span<float> logProbabilities = count < 256 ? stackalloc float[count + 1] : new float[count + 1];
        if (weights.Conversations is { } scorer)
            scorer.Score(_conversationFeatures.Rows, logProbabilities);
        else
        {
            for (var row = 0; row < count; row++)
                logProbabilities[row] = _conversationFeatures.JoinOf(row);
            logProbabilities[count] = _scores.Opens;
        }

        var best = count;
        for (var row = 0; row < count; row++)
        {
            if (logProbabilities[row] > logProbabilities[best] && !(_state.Recent.Count < YoungRoom && HasEnded(_conversationFeatures.Conversations[row], line)))
                best = row;
        }

        _margin = ConversationScorer.Margin(logProbabilities, best);
        return best;
    }

    /// <summary>
    /// The rule of silence for a room that has just begun, where the scorers have too little to go by: a conversation that has been silent for long is continued by a line
    /// that addresses one of its speakers, or by one of them on the same subject.
    /// </summary>
    private bool HasEnded(OpenConversation conversation, ObservedLine line)
    {
        if (line.At - conversation.Last.At <= LongSilence * _state.Tempo.Slowness || line.Mentions.Any(mention => conversation.LastLineOf(mention.Speaker) is not null))
            return false;
        return conversation.LastLineOf(line.Speaker) is null || conversation.Recent.Max(recent => recent.Vector.Cosine(line.Vector)) < SameSubject;
    }

    /// <summary>The line added last with its scores, which are empty where it had no choice; null where it was a system line.</summary>
    public ScoredLine? LastScored() => _state.Recent is [.., var last] && last.Index == _assignments.Count - 1
        ? new ScoredLine(
            last,
            _scores.Links[.._scores.Count],
            _scores.Joins[.._scores.Count],
            _scores.Same[.._scores.Count],
            _scores.Opens,
            (float)_state.Tempo.MentionRate,
            (float)_state.Tempo.Slowness)
        : null;

    /// <summary>Index of the candidate in a conversation that the line scored last answers most likely; −1: no candidate is in it.</summary>
    public int MostLikelyAntecedent(int conversation)
    {
        var (best, index) = (float.NegativeInfinity, -1);
        for (var n = 0; n < _linkFeatures.Count; n++)
        {
            var candidate = _state.Candidate(n);
            if (candidate.Conversation == conversation && _scores.Links[n] > best)
                (best, index) = (_scores.Links[n], candidate.Index);
        }

        return index;
    }

    /// <summary>The conversation of the candidate that is most similar to the line scored last; null: none is similar enough.</summary>
    private int? FindSimilarConversation()
    {
        const float leastCosine = 0.15f;
        SimilarConversationCosine = 0;
        int? conversation = null;
        for (var n = 0; n < _linkFeatures.Count; n++)
        {
            var candidate = _state.Candidate(n);
            if (candidate.Conversation >= 0 && _linkFeatures.Cosines[n] >= leastCosine && _linkFeatures.Cosines[n] > SimilarConversationCosine)
                (conversation, SimilarConversationCosine) = (candidate.Conversation, _linkFeatures.Cosines[n]);
        }

        return conversation;
    }

    private ObservedLine Read(ChatLine line)
    {
        _scores.Clear(0);
        var observed = _state.Observe(line);
        observed.CandidateActivations = weights.Links.CandidateActivations(observed);
        return observed;
    }

    public void Assign(ObservedLine line, int conversation, int? antecedent)
    {
        if (antecedent is { } index && _state.Find(index) is { } answered)
            line.LinkTo(answered);
        line.Conversation = conversation;
        if (conversation >= 0 && line.Source.ReplyTo is { } noise && noise >= 0 && noise < _assignments.Count && _assignments[noise] < 0)
            _conversationOfRepliesTo.TryAdd(noise, conversation);
        _state.Add(line);
        _assignments.Add(conversation);
        _nextConversation = Math.Max(_nextConversation, conversation + 1);
        if (conversation < 0 || line.Source.IsSystem)
            return;
        if (!_openConversations.TryGetValue(conversation, out var open))
            _openConversations[conversation] = open = new OpenConversation(conversation);
        open.Add(line);
        if (line.Order % LinesBetweenPrunes == 0)
            Prune(line.Order);
    }

    private void Prune(int order)
    {
        foreach (var open in _openConversations.Values.OrderByDescending(open => open.Last.Order).Where((open, place) => place >= MostOpen || open.Last.Order < order - LongestMemory).ToList())
            _openConversations.Remove(open.Number);
    }
}
