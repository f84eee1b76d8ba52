namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>Recognises a room's nicknames in texts, with endings and surnames: 민지가, 민지야, 김민지, Bob's.</summary>
internal sealed class Nicknames
{
    private readonly HashSet<string> _words = new(StringComparer.Ordinal);
    private readonly List<string> _phrases = [];
    private readonly Dictionary<string, bool> _korean = new(StringComparer.Ordinal);
    private readonly int _longest;

    public Nicknames(IReadOnlySet<string> nicknames)
    {
        foreach (var nickname in nicknames)
        {
            var words = WordScanner.Split(nickname);
            if (words.Length == 1) _words.Add(words[0]);
            if (words.Length > 1) _phrases.Add(' ' + string.Join(' ', words) + ' ');
            var whole = Text.Composed(nickname).Trim().ToLowerInvariant();
            if (whole.Length > 0 && !whole.Contains(' ', StringComparison.Ordinal)) _words.Add(whole);
        }
        _longest = _words.Count == 0 ? 0 : _words.Max(word => word.Length);
    }

    /// <param name="key">A word in lower case.</param>
    public bool Has(string key)
    {
        if (_words.Count == 0) return false;
        if (_words.Contains(key)) return true;
        if (!Hangul.Contains(key)) return key.EndsWith("'s", StringComparison.Ordinal) && _words.Contains(key[..^2]);
        if (!_korean.TryGetValue(key, out var has)) _korean[key] = has = HasWithin(key);
        return has;
    }

    private bool HasWithin(string key)
    {
        // A Korean name has surname, title and particles in the same word, so it counts anywhere in the word; a name of one syllable only at the start.
        for (var start = 0; start < key.Length; start++)
        {
            for (var length = Math.Min(_longest, key.Length - start); length > 1; length--)
                if (_words.Contains(key.Substring(start, length))) return true;
        }
        return _words.Contains(key[..1]) && Particles.Is(key.AsSpan(1));
    }

    /// <summary>Whether a name of several words spells out a nickname of several words.</summary>
    public bool IsSpelledOutIn(string name)
    {
        if (_phrases.Count == 0) return false;
        var padded = ' ' + Text.Composed(name).ToLowerInvariant() + ' ';
        return _phrases.Exists(phrase => padded.Contains(phrase, StringComparison.Ordinal));
    }
}
