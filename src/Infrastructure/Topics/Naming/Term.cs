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

    /// <summary>Whether "a" or "an" stood before it, or before one word that describes it.</summary>
    public bool IsOneOfMany { get; set; }

    /// <summary>Uses after a word that verbs follow ("we", "can't"); after "to" half a one.</summary>
    public double VerbUses { get; set; }

    /// <summary>Share of its uses that are a verb's.</summary>
    public double VerbShare => VerbUses / _surfaces.Values.Sum();

    /// <summary>Whether it looks like a verb or an adverb, with which no name ends.</summary>
    public bool IsVerb => Script == Script.Latin && (VerbShare > 0.5 || EnglishWords.LooksLikeVerb(Key));

    public double Weight { get; set; }

    /// <summary>Pointwise mutual information with the group, cut off.</summary>
    public double Information { get; set; }

    /// <summary>Indices of the texts with it, ascending.</summary>
    public List<int> Texts { get; } = [];

    private int _inText;

    public void Add(string surface, double sureness, int text, int place)
    {
        if (First < 0) (First, FirstText) = (place, text);
        _inText = Texts.Count > 0 && Texts[^1] == text ? _inText + 1 : 1;
        if (_inText == 1) Texts.Add(text);
        // Repetitions within one text count less: the second use half, the third a third.
        Count += sureness / _inText;
        _surfaces[surface] = _surfaces.GetValueOrDefault(surface) + 1;
    }

    /// <summary>The most frequent form.</summary>
    public string Surface() => _surfaces.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).First().Key;

    /// <summary>A verb and its object as one says them: "rent a car", "install gcc".</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="thing">The words of the object, the last of them a noun.</param>
    public static string Done(string verb, IReadOnlyList<Term> thing)
    {
        var (first, noun) = (thing[0].Surface(), thing[^1].Surface());
        var article = !thing[^1].IsOneOfMany || EnglishWords.Singular(noun) != noun ? "" : first[0] is 'a' or 'e' or 'i' or 'o' or 'u' ? "an " : "a ";
        return $"{verb} {article}{string.Join(' ', thing.Select(term => term.Surface()))}";
    }
}
