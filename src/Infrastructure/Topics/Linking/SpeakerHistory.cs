namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>What the room remembers of one speaker.</summary>
internal sealed class SpeakerHistory
{
    /// <summary>Lines and calls of the latest past that are remembered.</summary>
    private const int Remembered = 128;

    /// <summary>Numbers (among lines of talk) of the latest lines that called this person, oldest first.</summary>
    private readonly List<int> _callsOfMe = [];

    private readonly List<int> _lines = [];

    /// <summary>For whom this person called, or answered: the number of the latest such line.</summary>
    private readonly Dictionary<string, int> _called = [];

    private readonly Dictionary<string, int> _answered = [];

    private readonly Dictionary<string, int> _followed = [];

    public ObservedLine? Last { get; private set; }

    /// <summary>The latest line that called this person.</summary>
    public ObservedLine? CalledBy { get; private set; }

    public int LineCount { get; private set; }

    public void Say(ObservedLine line, string? speakerBefore)
    {
        Last = line;
        LineCount++;
        Add(_lines, line.Order);
        foreach (var call in line.Calls)
            _called[call.Speaker] = line.Order;
        if (line.AnsweredSpeaker is { } answered)
            _answered[answered] = line.Order;
        if (speakerBefore is not null && speakerBefore != line.Speaker)
            _followed[speakerBefore] = _followed.GetValueOrDefault(speakerBefore) + 1;
        if (_called.Count > 2 * Remembered)
            ForgetOldest(_called);
        if (_answered.Count > 2 * Remembered)
            ForgetOldest(_answered);
        if (_followed.Count > 2 * Remembered)
            _followed.Clear();
    }

    public void BeCalled(ObservedLine line)
    {
        CalledBy = line;
        Add(_callsOfMe, line.Order);
    }

    /// <summary>How many lines since that one called this person.</summary>
    public int CallsSince(int order) => CountAfter(_callsOfMe, order);

    public int LinesSince(int order) => CountAfter(_lines, order);

    /// <summary>The number of the latest line in which this person called that one; −1: none.</summary>
    public int LastCallOf(string speaker) => _called.GetValueOrDefault(speaker, -1);

    /// <summary>The number of the latest line in which this person was found to answer that one; −1: none.</summary>
    public int LastAnswerTo(string speaker) => _answered.GetValueOrDefault(speaker, -1);

    /// <summary>How often this person spoke straight after that one.</summary>
    public int Followed(string speaker) => _followed.GetValueOrDefault(speaker);

    private static int CountAfter(List<int> orders, int order)
    {
        var count = 0;
        for (var i = orders.Count - 1; i >= 0 && orders[i] > order; i--)
            count++;
        return count;
    }

    private static void Add(List<int> orders, int order)
    {
        if (orders.Count == 2 * Remembered)
            orders.RemoveRange(0, Remembered);
        orders.Add(order);
    }

    private static void ForgetOldest(Dictionary<string, int> called)
    {
        foreach (var (gone, _) in called.OrderBy(entry => entry.Value).Take(Remembered).ToList())
            called.Remove(gone);
    }
}
