namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// Finds the earlier speakers whom a line mentions. A nickname that the room also uses as a word (help, linux, 나무) counts only where it is marked as a name. Follows
/// the room line by line; not thread-safe.
/// </summary>
internal sealed class NicknameFinder
{
    /// <summary>Lines over which uses of words are counted.</summary>
    private const int Window = 1000;

    /// <summary>A nickname with this many unmarked uses, and this many for each marked one, is taken for a common word.</summary>
    private const int CommonUses = 4;

    private const int TimesMarked = 2;

    /// <summary>Least number of letters of a shortened name; a mistyped one has more.</summary>
    private const int ShortestGuess = 3;

    /// <summary>Vocative particles, titles and kinship terms that follow a Korean name.</summary>
    private static readonly HashSet<string> Endings =
    [
        "아", "야", "님", "씨", "님아", "님이", "님은", "님도", "님께", "님한테", "씨는", "씨가", "씨도", "형", "형님", "누나", "언니", "오빠", "쌤", "선생님", "이형", "이누나",
        "이언니", "이오빠",
    ];

    private static readonly char[] Opening = ['(', '[', '"', '\'', '<', '“', '‘'];
    private static readonly char[] Closing = [':', ',', '.', ';', '!', '?', ')', ']', '"', '\'', '>', '~', '…', '”', '’', '^', 'ㅋ', 'ㅎ', 'ㅠ', 'ㅜ'];

    private readonly Dictionary<string, string> _speakers = [];
    private readonly Dictionary<string, Uses> _uses = [];
    private readonly Queue<List<(string Word, bool Marked)>> _lines = new();

    /// <summary>Gives the nickname to a speaker; an earlier bearer loses it.</summary>
    public void Register(string nickname, string speaker)
    {
        if (nickname.Length > 0)
            _speakers[Fold(nickname)] = speaker;
    }

    public void Unregister(string nickname, string speaker)
    {
        if (_speakers.GetValueOrDefault(Fold(nickname)) == speaker)
            _speakers.Remove(Fold(nickname));
    }

    /// <summary>The other speakers whom the line mentions, each once; marked names first, then in the order of the line.</summary>
    public List<Mention> Find(string content, string speaker)
    {
        var mentions = new List<Mention>();
        var words = Words(content);
        foreach (var (word, marked) in words.Where(word => word.Marked))
        {
            if (_speakers.TryGetValue(word, out var mentioned))
                Add(mentioned, marked, guessed: false);
            else if (Guess(word) is { } likely)
                Add(likely, marked, guessed: true);
        }

        foreach (var (word, marked) in words.Where(word => !word.Marked && MayBeName(word.Word)))
        {
            if (_speakers.TryGetValue(word, out var mentioned))
                Add(mentioned, marked, guessed: false);
        }

        return mentions;

        void Add(string mentioned, bool marked, bool guessed)
        {
            if (mentioned != speaker && !mentions.Exists(mention => mention.Speaker == mentioned))
                mentions.Add(new Mention(mentioned, marked, guessed));
        }
    }

    /// <summary>The speaker whose nickname a marked word nearly is: the only nickname that begins with it, else the only one that is one letter away; null where there are several.</summary>
    private string? Guess(string word)
    {
        if (word.Length < ShortestGuess)
            return null;
        var beginsWith = Only(name => name.Length > word.Length && name.StartsWith(word, StringComparison.Ordinal));
        return beginsWith ?? (word.Length > ShortestGuess ? Only(name => IsOneLetterAway(name, word)) : null);

        string? Only(Func<string, bool> fits)
        {
            string? found = null;
            foreach (var (name, speaker) in _speakers)
            {
                if (!fits(name) || speaker == found)
                    continue;
                if (found is not null)
                    return null;
                found = speaker;
            }

            return found;
        }
    }

    /// <summary>Whether the two differ by one letter replaced, added or left out, or by two neighbouring letters swapped.</summary>
    private static bool IsOneLetterAway(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 1)
            return false;
        var (from, end) = (0, 0);
        var shorter = Math.Min(a.Length, b.Length);
        while (from < shorter && a[from] == b[from])
            from++;
        while (end < shorter - from && a[^(end + 1)] == b[^(end + 1)])
            end++;
        var (leftA, leftB) = (a.Length - from - end, b.Length - from - end);
        return (leftA <= 1 && leftB <= 1) || (leftA == 2 && leftB == 2 && a[from] == b[from + 1] && a[from + 1] == b[from]);
    }

    /// <summary>Counts a line's uses of words.</summary>
    public void CountWords(string content)
    {
        var words = Words(content);
        _lines.Enqueue(words);
        foreach (var (word, marked) in words)
            _uses[word] = _uses.GetValueOrDefault(word).With(marked, 1);
        if (_lines.Count <= Window)
            return;
        foreach (var (word, marked) in _lines.Dequeue())
        {
            var left = _uses[word].With(marked, -1);
            if (left == default)
                _uses.Remove(word);
            else
                _uses[word] = left;
        }
    }

    private bool MayBeName(string word)
    {
        if (word.Length < (word[0] < 128 ? 3 : 2))
            return false;
        var uses = _uses.GetValueOrDefault(word);
        return uses.Plain < CommonUses || uses.Plain < TimesMarked * uses.Marked;
    }

    /// <summary>The line's words, folded, each with whether it is marked as a name. A nickname with a Korean ending is given without the ending.</summary>
    private List<(string Word, bool Marked)> Words(string content)
    {
        const int maxWords = 200; // names further back address no one
        var words = new List<(string, bool)>();
        var folded = Fold(content.Length > 2000 ? content[..2000] : content);
        foreach (var range in folded.AsSpan().SplitAny(' ', '\t', '\n', '\r'))
        {
            var raw = folded.AsSpan()[range].TrimStart(Opening);
            if (raw.IsEmpty)
                continue;
            if (words.Count == maxWords)
                break;
            var hasAt = raw[0] == '@';
            if (hasAt)
                raw = raw[1..];
            // Nicknames may end in what looks like punctuation: the longest known reading wins.
            var bare = raw.TrimEnd(Closing);
            var first = words.Count == 0;
            var word = (raw.Length > 0 && _speakers.ContainsKey(raw.ToString()) ? raw : bare).ToString();
            if (word.Length == 0)
                continue;
            var isAddressed = first && raw.Length > word.Length && raw[word.Length] is ':' or ',';
            if (!_speakers.ContainsKey(word) && WithoutEnding(word) is { } nickname)
                words.Add((nickname, true));
            else
                words.Add((word, hasAt || isAddressed));
        }

        return words;
    }

    /// <summary>The nickname in a word like 민지야 or 서준님; null where there is none.</summary>
    private string? WithoutEnding(string word)
    {
        if (word[0] < 0x1100)
            return null;
        for (var length = word.Length - 1; length >= 2 && word.Length - length <= 4; length--)
        {
            if (Endings.Contains(word[length..]) && _speakers.ContainsKey(word[..length]))
                return word[..length];
        }

        return null;
    }

    private static string Fold(string text) => Text.Composed(text).ToLowerInvariant();

    private readonly record struct Uses(int Plain, int Marked)
    {
        public Uses With(bool marked, int change) => marked ? this with { Marked = Marked + change } : this with { Plain = Plain + change };
    }
}
