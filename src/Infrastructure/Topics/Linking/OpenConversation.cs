namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>A conversation that new lines may continue.</summary>
internal sealed class OpenConversation(int number)
{
    /// <summary>Newest lines that are kept.</summary>
    private const int KeptLines = 12;

    /// <summary>Greatest number of stems that are kept.</summary>
    private const int KeptStems = 2_000;

    /// <summary>Gap between two lines before any is known, in seconds, and the weight of a new gap in the mean.</summary>
    private const double UsualGap = 60, GapShare = 0.15;

    /// <summary>Least number of recent speakers that are kept.</summary>
    private const int KeptSpeakers = 256;

    private readonly Dictionary<string, ObservedLine> _lastLineOf = [];
    private readonly Dictionary<string, int> _lineCountOf = [];
    private readonly HashSet<int> _stems = [];
    private double _logGap = Math.Log(1 + UsualGap);
    private readonly List<ObservedLine> _recent = new(KeptLines);

    public int Number => number;

    /// <summary>Number of lines.</summary>
    public int Size { get; private set; }

    /// <summary>Number of speakers.</summary>
    public int Speakers => _lastLineOf.Count;

    public ObservedLine Last => _recent[^1];

    /// <summary>The newest lines, oldest first.</summary>
    public IReadOnlyList<ObservedLine> Recent => _recent;

    /// <summary>Geometric mean of the gaps between its lines, the newer ones weighing more.</summary>
    public TimeSpan UsualSilence => TimeSpan.FromSeconds(Math.Exp(_logGap) - 1);

    public bool HasStem(int stem) => _stems.Contains(stem);

    /// <summary>The speaker's newest line in it; null: none.</summary>
    public ObservedLine? LastLineOf(string speaker) => _lastLineOf.GetValueOrDefault(speaker);

    public int LineCountOf(string speaker) => _lineCountOf.GetValueOrDefault(speaker);

    public void Add(ObservedLine line)
    {
        if (Size++ > 0)
            _logGap += GapShare * (Math.Log(1 + Math.Max(0, (line.At - Last.At).TotalSeconds)) - _logGap);
        foreach (var (stem, _) in line.Stems)
        {
            if (_stems.Count < KeptStems)
                _stems.Add(stem);
        }

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
