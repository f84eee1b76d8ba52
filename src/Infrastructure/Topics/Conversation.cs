using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Topics;

/// <summary>One line as the linker remembers it.</summary>
internal sealed record HeardLine(int Index, ChatLine Said, NgramVector Vector, IReadOnlyList<string> Called)
{
    public DateTimeOffset At => Said.CreatedAt;
}

/// <summary>What the linker remembers of a conversation that is going on.</summary>
internal sealed class Conversation(int number)
{
    /// <summary>Lines that a new one is compared with.</summary>
    private const int Compared = 8;

    /// <summary>More people than this take part in turn, not at once.</summary>
    private const int People = 256;

    private readonly Dictionary<string, Member> _members = [];
    private readonly List<HeardLine> _recent = new(Compared);

    public int Number => number;

    public HeardLine Last => _recent[^1];

    public IReadOnlyList<HeardLine> Recent => _recent;

    /// <summary>True while one person alone has spoken.</summary>
    public bool IsUnanswered { get; private set; } = true;

    public Member? Of(string speaker) => _members.GetValueOrDefault(speaker);

    public void Take(HeardLine line)
    {
        if (_recent.Count > 0 && _recent[^1].Said.Speaker != line.Said.Speaker)
            IsUnanswered = false;
        if (_recent.Count == Compared)
            _recent.RemoveAt(0);
        _recent.Add(line);
        Member(line.Said.Speaker).Spoke = line;
        foreach (var called in line.Called)
            Member(called).WasCalled = line;
        if (_members.Count <= 2 * People)
            return;
        foreach (var (gone, _) in _members.OrderBy(entry => entry.Value.Last.Index).Take(People).ToList())
            _members.Remove(gone);
    }

    private Member Member(string speaker) => _members.TryGetValue(speaker, out var member) ? member : _members[speaker] = new Member();
}

/// <summary>Somebody's part in a conversation.</summary>
internal sealed class Member
{
    /// <summary>Their latest line in it.</summary>
    public HeardLine? Spoke { get; set; }

    /// <summary>The latest line in it that called them.</summary>
    public HeardLine? WasCalled { get; set; }

    /// <summary>The later of the two.</summary>
    public HeardLine Last => (WasCalled?.Index ?? -1) > (Spoke?.Index ?? -1) ? WasCalled! : Spoke!;
}
