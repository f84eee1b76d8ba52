namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>What the linker remembers of a conversation that is going on.</summary>
internal sealed class OpenConversation(int number)
{
    /// <summary>Lines that are kept to compare new ones with.</summary>
    private const int Kept = 12;

    /// <summary>More people than this take part in turn, not at once.</summary>
    private const int People = 256;

    private readonly Dictionary<string, ObservedLine> _lastOf = [];
    private readonly Dictionary<string, int> _countOf = [];
    private readonly List<ObservedLine> _recent = new(Kept);

    public int Number => number;

    public int Size { get; private set; }

    public int Speakers => _lastOf.Count;

    public ObservedLine Last => _recent[^1];

    /// <summary>The newest lines, oldest first.</summary>
    public IReadOnlyList<ObservedLine> Recent => _recent;

    /// <summary>The speaker's newest line in it; null where they have none.</summary>
    public ObservedLine? LastOf(string speaker) => _lastOf.GetValueOrDefault(speaker);

    public int CountOf(string speaker) => _countOf.GetValueOrDefault(speaker);

    public void Take(ObservedLine line)
    {
        Size++;
        if (_recent.Count == Kept)
            _recent.RemoveAt(0);
        _recent.Add(line);
        _lastOf[line.Speaker] = line;
        _countOf[line.Speaker] = _countOf.GetValueOrDefault(line.Speaker) + 1;
        if (_lastOf.Count <= 2 * People)
            return;
        foreach (var (gone, _) in _lastOf.OrderBy(entry => entry.Value.Order).Take(People).ToList())
        {
            _lastOf.Remove(gone);
            _countOf.Remove(gone);
        }
    }
}
