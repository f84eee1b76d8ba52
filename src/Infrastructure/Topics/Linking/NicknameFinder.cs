using System.Text;
using AIChat.Infrastructure.Topics.Ngrams;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>Somebody whom a line calls.</summary>
/// <param name="Speaker">Who.</param>
/// <param name="Marked">Whether the name is marked as one: nick:, @nick, 민지야.</param>
/// <param name="Guessed">Whether the name is only nearly theirs: shortened, or mistyped by a letter.</param>
internal readonly record struct Call(string Speaker, bool Marked, bool Guessed);

/// <summary>
/// Finds whom a line addresses among the people who have spoken before it. A nickname that the room uses as a word (help, linux, 나무) counts only where it
/// is marked as a name. Follows the room line by line; not thread-safe.
/// </summary>
internal sealed class NicknameFinder
{
    /// <summary>Lines over which the use of words is watched.</summary>
    private const int Watched = 1000;

    /// <summary>A word that is used this often without a mark, and this many times as often as with one, is a word first of all.</summary>
    private const int CommonUses = 4;

    private const int TimesMarked = 2;

    /// <summary>Letters of a shortened name; a mistyped one has more.</summary>
    private const int ShortestGuess = 3;

    /// <summary>What Korean adds to a name when it calls somebody.</summary>
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

    /// <summary>From now on the nickname calls this speaker, whoever bore it before.</summary>
    public void Know(string nickname, string speaker)
    {
        if (nickname.Length > 0)
            _speakers[Fold(nickname)] = speaker;
    }

    public void Forget(string nickname, string speaker)
    {
        if (_speakers.GetValueOrDefault(Fold(nickname)) == speaker)
            _speakers.Remove(Fold(nickname));
    }

    /// <summary>Those whom the line calls, other than its speaker; each once, those marked as names first, then in the order of the line.</summary>
    public List<Call> Find(string content, string speaker)
    {
        var calls = new List<Call>();
        var words = Words(content);
        foreach (var (word, marked) in words.Where(word => word.Marked))
        {
            if (_speakers.TryGetValue(word, out var called))
                Add(called, marked, guessed: false);
            else if (Guess(word) is { } likely)
                Add(likely, marked, guessed: true);
        }

        foreach (var (word, marked) in words.Where(word => !word.Marked && MayBeName(word.Word)))
        {
            if (_speakers.TryGetValue(word, out var called))
                Add(called, marked, guessed: false);
        }

        return calls;

        void Add(string called, bool marked, bool guessed)
        {
            if (called != speaker && !calls.Exists(call => call.Speaker == called))
                calls.Add(new Call(called, marked, guessed));
        }
    }

    /// <summary>Whose nickname a marked word nearly is: the only one that begins with it, else the only one that is one letter away; null where several are.</summary>
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

    /// <summary>Whether one letter replaced, added or left out, or two neighbours swapped, makes one of the other.</summary>
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

    /// <summary>Takes a line's use of words in.</summary>
    public void Watch(string content)
    {
        var words = Words(content);
        _lines.Enqueue(words);
        foreach (var (word, marked) in words)
            _uses[word] = _uses.GetValueOrDefault(word).With(marked, 1);
        if (_lines.Count <= Watched)
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

    /// <summary>The line's words, folded, each with whether it is marked as a name; a marked word that is nobody's name but for its Korean ending stands without it.</summary>
    private List<(string Word, bool Marked)> Words(string content)
    {
        const int most = 200; // a name after that many words calls nobody
        var words = new List<(string, bool)>();
        var folded = Fold(content.Length > 2000 ? content[..2000] : content);
        foreach (var range in folded.AsSpan().SplitAny(' ', '\t', '\n', '\r'))
        {
            var raw = folded.AsSpan()[range].TrimStart(Opening);
            if (raw.IsEmpty)
                continue;
            if (words.Count == most)
                break;
            var at = raw[0] == '@';
            if (at)
                raw = raw[1..];
            // Nicknames may end in what looks like punctuation: the longest known reading wins.
            var bare = raw.TrimEnd(Closing);
            var first = words.Count == 0;
            var word = (raw.Length > 0 && _speakers.ContainsKey(raw.ToString()) ? raw : bare).ToString();
            if (word.Length == 0)
                continue;
            var called = first && raw.Length > word.Length && raw[word.Length] is ':' or ',';
            if (!_speakers.ContainsKey(word) && Stem(word) is { } stem)
                words.Add((stem, true));
            else
                words.Add((word, at || called));
        }

        return words;
    }

    /// <summary>The name in a word like 민지야 or 서준님; null where there is none.</summary>
    private string? Stem(string word)
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

    private static string Fold(string text)
    {
        var lower = text.ToLowerInvariant();
        return Ascii.IsValid(lower) ? lower : NgramText.Whole(lower).Normalize(NormalizationForm.FormC);
    }

    private readonly record struct Uses(int Plain, int Marked)
    {
        public Uses With(bool marked, int change) => marked ? this with { Marked = Marked + change } : this with { Plain = Plain + change };
    }
}
