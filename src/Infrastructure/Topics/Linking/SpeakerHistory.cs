namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>The history of one speaker in the room.</summary>
/// <param name="number">No other history of the room has it.</param>
internal sealed class SpeakerHistory(int number)
{
    /// <summary>Least number of recent lines, and of recent mentions, that are kept.</summary>
    private const int Kept = 128;

    /// <summary>Orders of the latest lines that mention this speaker, oldest first.</summary>
    private readonly List<int> _mentions = [];

    /// <summary>Orders of this speaker's latest lines, oldest first.</summary>
    private readonly List<int> _lines = [];

    private readonly Dictionary<string, int> _lastMentionOf = [];

    private readonly Dictionary<string, int> _lastAnswerTo = [];

    private readonly Dictionary<string, int> _timesAfter = [];

    public int Number => number;

    /// <summary>This speaker's latest line.</summary>
    public ObservedLine? Last { get; private set; }

    /// <summary>The latest line that mentions this speaker.</summary>
    public ObservedLine? LastMention { get; private set; }

    public int LineCount { get; private set; }

    /// <summary>Where <see cref="LinkFeatures"/> put this speaker the last time; it checks whether that still holds.</summary>
    public int Place { get; set; }

    /// <summary>Adds a line that this speaker said.</summary>
    public void Add(ObservedLine line, string? previousSpeaker)
    {
        Last = line;
        line.SpeakerNumber = number;
        LineCount++;
        Append(_lines, line.Order);
        foreach (var mention in line.Mentions)
            _lastMentionOf[mention.Speaker] = line.Order;
        if (line.AntecedentSpeaker is { } answered)
            _lastAnswerTo[answered] = line.Order;
        if (previousSpeaker is not null && previousSpeaker != line.Speaker)
            _timesAfter[previousSpeaker] = _timesAfter.GetValueOrDefault(previousSpeaker) + 1;
        if (_lastMentionOf.Count > 2 * Kept)
            RemoveOldest(_lastMentionOf);
        if (_lastAnswerTo.Count > 2 * Kept)
            RemoveOldest(_lastAnswerTo);
        if (_timesAfter.Count > 2 * Kept)
            _timesAfter.Clear();
    }

    /// <summary>Adds a line that mentions this speaker.</summary>
    public void AddMention(ObservedLine line)
    {
        LastMention = line;
        Append(_mentions, line.Order);
    }

    /// <summary>Number of lines after <paramref name="order"/> that mention this speaker.</summary>
    /// <param name="order">Order of a line.</param>
    /// <param name="counted">The number after a later line, where that is known.</param>
    public int MentionsSince(int order, int counted = 0) => CountAfter(_mentions, order, counted);

    /// <summary>Number of this speaker's lines after <paramref name="order"/>.</summary>
    /// <param name="order">Order of a line.</param>
    /// <param name="counted">The number after a later line, where that is known.</param>
    public int LinesSince(int order, int counted = 0) => CountAfter(_lines, order, counted);

    /// <summary>Order of this speaker's latest line that mentions the other; −1: none.</summary>
    public int LastMentionOf(string other) => _lastMentionOf.GetValueOrDefault(other, -1);

    /// <summary>Order of this speaker's latest line that answers the other; −1: none.</summary>
    public int LastAnswerTo(string other) => _lastAnswerTo.GetValueOrDefault(other, -1);

    /// <summary>Number of times that this speaker spoke right after the other.</summary>
    public int TimesAfter(string other) => _timesAfter.GetValueOrDefault(other);

    private static int CountAfter(List<int> orders, int order, int counted)
    {
        var at = orders.Count - 1 - counted;
        while (at >= 0 && orders[at] > order)
            at--;
        return orders.Count - 1 - at;
    }

    private static void Append(List<int> orders, int order)
    {
        if (orders.Count == 2 * Kept)
            orders.RemoveRange(0, Kept);
        orders.Add(order);
    }

    private static void RemoveOldest(Dictionary<string, int> orders)
    {
        foreach (var (speaker, _) in orders.OrderBy(entry => entry.Value).Take(Kept).ToList())
            orders.Remove(speaker);
    }
}
