using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Topics;

/// <summary>
/// Links each line by rules. Whom it names comes first; else the conversations that are going on are weighed: how lately the speaker spoke or was called
/// there, whether somebody waits there for an answer, and how alike the words are.
/// </summary>
internal sealed class RuleLinker(LinkerSettings settings) : ILinker
{
    /// <summary>Lines after which a conversation that nobody spoke in is forgotten.</summary>
    public const int Kept = 1000;

    /// <summary>Nobody takes a thread up after a longer silence without saying whose it is; times the room's slowness.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(10);

    /// <summary>A thought that is told in several messages goes on within this time.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(8);

    private readonly NgramSpace _space = new();
    private readonly NicknameFinder _nicknames = new();
    private readonly RoomPace _pace = new();
    private readonly List<int> _numbers = [];
    private readonly LinkedList<Conversation> _live = new();
    private readonly Dictionary<string, HeardLine> _lastOf = [];
    private readonly Dictionary<int, LinkedListNode<Conversation>> _nodes = [];
    private int _next;

    public const float NarrowKin = 0.3f;

    public float KinSimilarity { get; private set; }

    public IReadOnlyList<string> LastCalled { get; private set; } = [];

    public void Observe(ChatLine line, int conversation) => Take(Hear(line), conversation);

    public LinkVerdict Link(ChatLine line)
    {
        var heard = Hear(line);
        var verdict = Judge(heard);
        Take(heard, verdict.Conversation);
        return verdict;
    }

    private LinkVerdict Judge(HeardLine line)
    {
        if (line.Said.ReplyTo is { } answered && answered >= 0 && answered < _numbers.Count)
            return new LinkVerdict(answered, _numbers[answered] >= 0 ? _numbers[answered] : _next, null);
        if (line.Said.IsSystem)
            return new LinkVerdict(null, -1, null);
        foreach (var called in line.Called)
        {
            if (LastOf(called, line) is { } last)
                return new LinkVerdict(last.Index, _numbers[last.Index], null);
        }

        if (Likeliest(line) is { } antecedent)
            return new LinkVerdict(antecedent.Index, _numbers[antecedent.Index], null);
        return EmptyChatter.Is(line.Said.Content) ? new LinkVerdict(null, -1, null) : new LinkVerdict(null, _next, null);
    }

    private HeardLine? LastOf(string called, HeardLine line)
    {
        var last = _lastOf.GetValueOrDefault(called);
        if (last is null || settings.CallMember <= 0)
            return last;
        var silence = Silence * _pace.Slowness * settings.CallMember;
        foreach (var conversation in _live)
        {
            if (conversation.Of(line.Said.Speaker) is { } me && line.At - me.Last.At <= silence && conversation.Of(called)?.Spoke is { } spoke && line.At - spoke.At <= silence)
                return spoke;
        }

        return last;
    }

    private HeardLine? Likeliest(HeardLine line)
    {
        var silence = Silence * _pace.Slowness;
        var live = _live.Where(conversation => line.At - conversation.Last.At <= silence).ToList();
        if (live.Count == 0)
            return null;
        var vectors = live.SelectMany(conversation => conversation.Recent).Select(recent => recent.Vector).ToList();
        var cosines = new float[vectors.Count];
        line.Vector.Compare(vectors, cosines);
        var background = settings.Background * cosines.Average();
        HeardLine? best = null;
        var bestWeight = 0.0;
        var at = 0;
        foreach (var conversation in live)
        {
            var alike = cosines.Skip(at).Take(conversation.Recent.Count).Max() - background;
            at += conversation.Recent.Count;
            var (weight, antecedent) = Weigh(conversation, line, alike);
            if (weight > bestWeight)
                (best, bestWeight) = (antecedent, weight);
        }

        return best;
    }

    private (double Weight, HeardLine Antecedent) Weigh(Conversation conversation, HeardLine line, double alike)
    {
        var weight = settings.Alike * alike;
        HeardLine antecedent;
        if (conversation.Of(line.Said.Speaker) is { } me)
        {
            antecedent = me.Last;
            weight += settings.Member - settings.MemberFade * Faded(line.At - me.Last.At);
            if (me.WasCalled == antecedent)
                weight += settings.Called;
        }
        else
        {
            antecedent = conversation.Last;
            weight += settings.Join - settings.JoinFade * Faded(line.At - antecedent.At) - settings.Naming * _pace.Naming;
            if (conversation.IsUnanswered)
                weight += settings.Unanswered;
        }

        if (conversation.Last.Said.Speaker == line.Said.Speaker)
            weight += line.At - conversation.Last.At <= Moment ? settings.GoesOn : -settings.Own;
        return (weight, antecedent);
    }

    /// <summary>e-folds of silence, in the room's own minutes.</summary>
    private double Faded(TimeSpan silence) => Math.Log(1 + Math.Max(0, silence.TotalMinutes / _pace.Slowness));

    private HeardLine Hear(ChatLine line)
    {
        var packed = line.Embedding ?? NgramEmbedder.Embed(line.Content);
        var vector = _space.Weigh(packed);
        _space.Add(packed);
        return new HeardLine(_numbers.Count, line, vector, line.IsSystem ? [] : [.. _nicknames.Find(line.Content, line.Speaker).Select(call => call.Speaker)]);
    }

    private void Take(HeardLine line, int number)
    {
        _numbers.Add(number);
        LastCalled = line.Called;
        _next = Math.Max(_next, number + 1);
        if (line.Said.IsSystem)
            return;
        _pace.Take(line);
        _nicknames.Watch(line.Said.Content);
        _nicknames.Know(line.Said.Nickname, line.Said.Speaker);
        if (number < 0)
            return;
        _lastOf[line.Said.Speaker] = line;
        if (_nodes.TryGetValue(number, out var node))
            _live.Remove(node);
        else
            node = _nodes[number] = new LinkedListNode<Conversation>(new Conversation(number));
        node.Value.Take(line);
        _live.AddFirst(node);
        while (_live.Last!.Value.Last.Index < line.Index - Kept)
        {
            _nodes.Remove(_live.Last.Value.Number);
            _live.RemoveLast();
        }
    }
}
