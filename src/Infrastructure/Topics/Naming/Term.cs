namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>A word that may stand in a name, counted within one group.</summary>
internal sealed class Term(string key, Script script)
{
    private readonly Dictionary<string, int> _surfaces = new(StringComparer.Ordinal);

    public string Key { get; } = key;

    public Script Script { get; } = script;

    public double Count { get; private set; }

    /// <summary>Index of its first use among the group's words.</summary>
    public int First { get; private set; } = -1;

    /// <summary>Index of the text with its first use.</summary>
    public int FirstText { get; private set; }

    /// <summary>Whether an article or a possessive stood before it ("a doctor", "my car"), as before nouns.</summary>
    public bool IsDetermined { get; set; }

    public double Weight { get; set; }

    private int _lastText = -1;
    private int _inText;

    public void Add(string surface, double sureness, int text, int place)
    {
        if (First < 0) (First, FirstText) = (place, text);
        _inText = text == _lastText ? _inText + 1 : 1;
        _lastText = text;
        // Repetitions within one text count less: the second use half, the third a third.
        Count += sureness / _inText;
        _surfaces[surface] = _surfaces.GetValueOrDefault(surface) + 1;
    }

    /// <summary>The most frequent form.</summary>
    public string Surface() => _surfaces.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).First().Key;
}
