namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>A conversation that new lines may continue.</summary>
internal sealed class OpenConversation(int number)
{
    /// <summary>Newest lines that are kept.</summary>
    private const int KeptLines = 12;

    /// <summary>Least number of recent speakers that are kept.</summary>
    private const int KeptSpeakers = 256;

    private readonly Dictionary<string, ObservedLine> _lastLineOf = [];
    private readonly Dictionary<string, int> _lineCountOf = [];
    private readonly List<ObservedLine> _recent = new(KeptLines);

    public int Number => number;

    /// <summary>Number of lines.</summary>
    public int Size { get; private set; }

    /// <summary>Number of speakers.</summary>
    public int Speakers => _lastLineOf.Count;

    public ObservedLine Last => _recent[^1];

    /// <summary>The newest lines, oldest first.</summary>
    public IReadOnlyList<ObservedLine> Recent => _recent;

    /// <summary>The speaker's newest line in it; null: none.</summary>
    public ObservedLine? LastLineOf(string speaker) => _lastLineOf.GetValueOrDefault(speaker);

    public int LineCountOf(string speaker) => _lineCountOf.GetValueOrDefault(speaker);

    public void Add(ObservedLine line)
    {
        Size++;
        if (_recent.Count == KeptLines)
            _recent.RemoveAt(0);
        _recent.Add(line);
        _lastLineOf[line.Speaker] = line;
        _lineCountOf[line.Speaker] = _lineCountOf.GetValueOrDefault(line.Speaker) + 1;
        if (_lastLineOf.Count <= 2 * KeptSpeakers)
            return;
        foreach (var (speaker, _) in _lastLineOf.OrderBy(entry => entry.Value.Order).Take(KeptSpeakers).ToList())
        {
            _lastLineOf.Remove(speaker);
            _lineCountOf.Remove(speaker);
        }
    }
}
