namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>A word that may stand in a name, counted within one group.</summary>
internal sealed class Term(string key, Script script)
{
    private readonly Dictionary<string, int> _surfaces = new(StringComparer.Ordinal);

    public string Key { get; } = key;

    public Script Script { get; } = script;

    public double Count { get; private set; }

    /// <summary>Place of its first use among the group's words.</summary>
    public int First { get; private set; } = -1;

    /// <summary>Number of the text that first used it.</summary>
    public int FirstText { get; private set; }

    /// <summary>Whether it was met with an article or a possessive before it ("a doctor", "my car"), as nouns are.</summary>
    public bool IsDetermined { get; set; }

    public double Weight { get; set; }

    private int _lastText = -1;
    private int _inText;

    public void Add(string surface, double sureness, int text, int place)
    {
        if (First < 0) (First, FirstText) = (place, text);
        _inText = text == _lastText ? _inText + 1 : 1;
        _lastText = text;
        // One text that says a word over and over is one voice: the second time counts half, the third a third.
        Count += sureness / _inText;
        _surfaces[surface] = _surfaces.GetValueOrDefault(surface) + 1;
    }

    /// <summary>The most used form; in lower case unless it is written with capitals where none are due.</summary>
    public string Surface() => _surfaces.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).First().Key;
}
