using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Topics;

/// <summary>
/// Links each line by rules. What it answers explicitly comes first, then whom it names; else the conversations that are going on are weighed: how lately the
/// speaker spoke or was called there, whether somebody waits there for an answer, and how alike the words are.
/// </summary>
internal sealed class RuleLinker(LinkerSettings settings) : ILinker
{
    /// <summary>Lines after which a conversation that nobody spoke in is forgotten.</summary>
    public const int Kept = 1000;

    /// <summary>People whose last line is remembered however long ago it was.</summary>
    private const int People = 2000;

    /// <summary>Lines that a new one is compared with, the latest conversations first.</summary>
    private const int Compared = 300;

    /// <summary>Nobody takes a thread up after a longer silence without saying whose it is; times the room's slowness.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(10);

    /// <summary>A thought that is told in several messages goes on within this time.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(8);

    private readonly NgramSpace _space = new();
    private readonly NicknameFinder _nicknames = new();
    private readonly RoomPace _pace = new();
    private readonly Dictionary<string, HeardLine> _lastOf = [];

    // Latest first; the second finds a conversation in the first.
    private readonly LinkedList<Conversation> _live = new();
    private readonly Dictionary<int, LinkedListNode<Conversation>> _nodes = [];

    // All that is kept of every line: a reply may reach back any distance.
    private readonly List<int> _numbers = [];
    private int _next;

    /// <summary>How alike the last verdict's kin was.</summary>
    public float KinAlike { get; private set; }

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
        if ((LastOfCalled(line) ?? Likeliest(line)) is { } antecedent)
            return new LinkVerdict(antecedent.Index, _numbers[antecedent.Index], null);
        return EmptyChatter.Is(line.Said.Content) ? new LinkVerdict(null, -1, null) : new LinkVerdict(null, _next, Kin(line));
    }

    /// <summary>The last line of whom this one calls: where the two talk with each other, else wherever it was.</summary>
    private HeardLine? LastOfCalled(HeardLine line)
    {
        foreach (var called in line.Called)
        {
            if (!_lastOf.TryGetValue(called, out var last))
                continue;
            var since = line.At - (settings.Together * _pace.Slowness);
            var together = _live.FirstOrDefault(talk => talk.Of(line.Said.Speaker)?.Last.At >= since && talk.Of(called)?.Spoke?.At >= since);
            return together?.Of(called)!.Spoke ?? last;
        }

        return null;
    }

    /// <summary>The line that this one most likely answers in the conversations that are going on; null where none is likely.</summary>
    private HeardLine? Likeliest(HeardLine line)
    {
        var (talks, cosines) = Compare(line, line.At - (Silence * _pace.Slowness));
        if (talks.Count == 0)
            return null;
        var usual = cosines.Average();
        HeardLine? best = null;
        var (bestWeight, at) = (0.0, 0);
        foreach (var talk in talks)
        {
            var (weight, antecedent) = Weigh(talk, line, Greatest(cosines.AsSpan(at, talk.Recent.Count)) - usual);
            at += talk.Recent.Count;
            if (weight > bestWeight)
                (best, bestWeight) = (antecedent, weight);
        }

        return best;
    }

    private (double Weight, HeardLine Antecedent) Weigh(Conversation talk, HeardLine line, double alike)
    {
        var weight = settings.Alike * alike;
        HeardLine antecedent;
        if (talk.Of(line.Said.Speaker) is { } me)
        {
            antecedent = me.Last;
            weight += settings.Member - (settings.MemberFade * Faded(line.At - antecedent.At)) + (me.WasCalled == antecedent ? settings.Called : 0);
        }
        else
        {
            antecedent = talk.Last;
            weight += settings.Join - (settings.JoinFade * Faded(line.At - antecedent.At)) - (settings.Naming * _pace.Naming)
                + (talk.IsUnanswered ? settings.Unanswered : 0);
        }

        if (talk.Last.Said.Speaker == line.Said.Speaker)
            weight += line.At - talk.Last.At <= Moment ? settings.GoesOn : -settings.Own;
        return (weight, antecedent);
    }

    /// <summary>The remembered conversation that a line which opens one is most like.</summary>
    private int? Kin(HeardLine line)
    {
        KinAlike = 0;
        int? kin = null;
        var (talks, cosines) = Compare(line, DateTimeOffset.MinValue);
        var at = 0;
        foreach (var talk in talks)
        {
            var alike = Greatest(cosines.AsSpan(at, talk.Recent.Count));
            at += talk.Recent.Count;
            if (alike >= settings.BroadKin && alike > KinAlike)
                (kin, KinAlike) = (talk.Number, alike);
        }

        return kin;
    }

    /// <summary>The latest conversations in which somebody spoke since then, and the line's likeness to each of their recent lines, one after another.</summary>
    private (List<Conversation> Talks, float[] Cosines) Compare(HeardLine line, DateTimeOffset since)
    {
        var talks = new List<Conversation>();
        var vectors = new List<NgramVector>(Compared);
        foreach (var talk in _live)
        {
            if (talk.Last.At < since)
                continue;
            talks.Add(talk);
            foreach (var recent in talk.Recent)
                vectors.Add(recent.Vector);
            if (vectors.Count >= Compared)
                break;
        }

        var cosines = new float[vectors.Count];
        line.Vector.Compare(vectors, cosines);
        return (talks, cosines);
    }

    private static float Greatest(ReadOnlySpan<float> values)
    {
        var greatest = values[0];
        foreach (var value in values)
            greatest = Math.Max(greatest, value);
        return greatest;
    }

    /// <summary>e-folds of silence.</summary>
    private double Faded(TimeSpan silence) => Math.Log(1 + Math.Max(0, silence.TotalMinutes / _pace.Slowness));

    private HeardLine Hear(ChatLine line)
    {
        var packed = line.Embedding ?? NgramEmbedder.Embed(line.Content);
        var vector = _space.Weigh(packed);
        _space.Add(packed);
        return new HeardLine(_numbers.Count, line, vector, line.IsSystem ? [] : _nicknames.Find(line.Content, line.Speaker));
    }

    private void Take(HeardLine line, int number)
    {
        _numbers.Add(number);
        _next = Math.Max(_next, number + 1);
        if (line.Said.IsSystem)
            return;
        _pace.Take(line);
        _nicknames.Watch(line.Said.Content);
        if (number < 0)
            return;
        _nicknames.Know(line.Said.Nickname, line.Said.Speaker);
        _lastOf[line.Said.Speaker] = line;
        if (_nodes.TryGetValue(number, out var node))
            _live.Remove(node);
        else
            node = _nodes[number] = new LinkedListNode<Conversation>(new Conversation(number));
        node.Value.Take(line);
        _live.AddFirst(node);
        Forget(line.Index - Kept);
    }

    private void Forget(int before)
    {
        while (_live.Last!.Value.Last.Index < before)
        {
            _nodes.Remove(_live.Last.Value.Number);
            _live.RemoveLast();
        }

        if (_lastOf.Count <= 2 * People)
            return;
        foreach (var (speaker, last) in _lastOf.OrderBy(entry => entry.Value.Index).Take(People).ToList())
        {
            _lastOf.Remove(speaker);
            _nicknames.Forget(last.Said.Nickname, speaker);
        }
    }
}
