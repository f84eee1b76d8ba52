using System.Collections.Frozen;

namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>The words of one group that may name it, and the pairs of them that occur together.</summary>
internal sealed class Vocabulary
{
    private const int WordsInQuote = 4;

    /// <summary>Texts that are looked at, and most words of each, for a conversation to pass as chat.</summary>
    private const int OpeningTexts = 8, LongestLine = 18;

    /// <summary>Greatest distance between a verb and its object, in words.</summary>
    private const int FarthestVerb = 4;

    /// <summary>Words that a verb follows.</summary>
    private static readonly FrozenSet<string> BeforeVerbs =
        new[]
        {
            "i", "you", "he", "she", "we", "they", "who", "i'll", "you'll", "he'll", "she'll", "it'll", "we'll", "they'll", "i'd", "you'd", "he'd", "she'd", "we'd", "they'd", "let's", "please",
            "will", "would", "can", "could", "should", "shall", "may", "might", "must", "don't", "doesn't", "didn't", "won't", "can't", "cannot", "couldn't", "shouldn't", "wouldn't", "never", "just",
        }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Between = new[] { "these", "those", "new", "good", "one", "two", "another", "of", "to", "for" }.ToFrozenSet(StringComparer.Ordinal);

    private readonly Dictionary<string, Term> _terms = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, string), int> _pairs = [];
    private readonly Dictionary<string, Dictionary<string, int>> _actions = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Text, int At), (Term Term, string Surface)> _read = [];
    private readonly IReadOnlyList<List<Word>> _texts;
    private readonly Nicknames _nicknames;

    private readonly IReadOnlyList<int>? _conversations;

    /// <param name="texts">The words of each text.</param>
    /// <param name="conversations">Of a theme, the conversation of each text; null: all are of one.</param>
    /// <param name="korean">Has observed the words.</param>
    /// <param name="nicknames">The room's.</param>
    public Vocabulary(IReadOnlyList<List<Word>> texts, IReadOnlyList<int>? conversations, KoreanWords korean, Nicknames nicknames)
    {
        if (conversations?.Distinct().Count() > 1) _conversations = conversations;
        _texts = texts;
        _nicknames = nicknames;
        Main = MainScript(texts);
        var capitals = Capitals(texts);
        var place = 0;
        for (var i = 0; i < texts.Count; i++)
        {
            string? before = null;
            foreach (var (at, word) in texts[i].Index())
            {
                var key = Read(word, korean, capitals, out var surface, out var sureness);
                if (key is not null)
                {
                    if (!_terms.TryGetValue(key, out var term)) _terms[key] = term = new Term(key, word.Script);
                    term.Add(surface, sureness, i, place);
                    if (word.Script == Script.Latin) Observe(term, texts[i], at);
                    _read[(i, at)] = (term, surface);
                    if (before is not null && word.Adjoins && before != key) _pairs[(before, key)] = _pairs.GetValueOrDefault((before, key)) + 1;
                }
                // 예매를 하고 → a particle other than 의 ends a compound: 영화 예매 is one, 영화를 예매 is a sentence.
                before = key is not null && (word.Script != Script.Hangul || word.Key == key) ? key : null;
                place++;
            }
            if (place > 0 && OpeningWords == 0) OpeningWords = place;
        }
    }

    /// <summary>The script of most of the group's words.</summary>
    public Script Main { get; }

    /// <summary>Whether its first texts are short, as in chat, so that the opening says what it is about; speech and mail open with courtesies.</summary>
    public bool IsChat => _texts.Take(OpeningTexts).All(text => text.Count <= LongestLine);

    /// <summary>How many words the first text with words has.</summary>
    public int OpeningWords { get; }

    public IReadOnlyCollection<Term> Terms => _terms.Values;

    /// <summary>Whether it is a theme of several conversations.</summary>
    public bool IsTheme => _conversations is not null;

    /// <summary>Number of a theme's conversations that have the word.</summary>
    public int Sharing(Term term) => term.Texts.Select(text => _conversations![text]).Distinct().Count();

    /// <summary>Number of times that the second word directly followed the first.</summary>
    public int Together(Term first, Term second) => _pairs.GetValueOrDefault((first.Key, second.Key));

    /// <summary>The most frequent verb of which it is the object, ("rent" of "to rent a small car"); null: none.</summary>
    public string? ActionOn(Term term) =>
        _actions.TryGetValue(term.Key, out var actions) ? actions.OrderByDescending(action => action.Value).ThenBy(action => action.Key, StringComparer.Ordinal).First().Key : null;

    /// <summary>Whether this verb is said to be done with something.</summary>
    public bool IsDone(string verb) => _actions.Values.Any(actions => actions.ContainsKey(verb));

    /// <summary>The everyday scene of a conversation; null: none. Several conversations have the cues of any scene by chance.</summary>
    public Scene? Scene() => IsTheme ? null : Scenes.Of(_texts);

    /// <summary>The phrases of two to five words that were said, around at least one of the strong words; and pairs of strong words.</summary>
    /// <param name="strong">The group's strongest words, the strongest first.</param>
    /// <param name="lead">The name that is made of the strongest ones.</param>
    public IReadOnlyList<Phrase> Phrases(IReadOnlyList<Term> strong, string lead) => new PhraseFinder(_texts, _read, Main, _nicknames).Find(strong, ActionOn, lead);

    /// <summary>Records what stands before a noun: an article, a word that only verbs follow, or the verb whose object it is.</summary>
    private void Observe(Term term, List<Word> text, int at)
    {
        if (at > 0 && text[at].Adjoins) term.VerbUses += BeforeVerbs.Contains(text[at - 1].Key) ? 1 : text[at - 1].Key == "to" ? 0.5 : 0;
        for (var back = at - 1; back >= 0 && back >= at - FarthestVerb && text[back + 1].Adjoins; back--)
        {
            var key = text[back].Key;
            if (EnglishWords.Determiners.Contains(key))
            {
                term.IsDetermined |= back == at - 1;
                // "A small car", but not "a car hire".
                var isHead = at + 1 == text.Count || !text[at + 1].Adjoins || WordLists.EnglishStop.Contains(text[at + 1].Key);
                term.IsOneOfMany |= key is "a" or "an" && back >= at - 2 && isHead;
                continue;
            }
            if (Between.Contains(key)) continue;
            // "The order of the day", "a change of plans": a noun that looks like a verb.
            if (EnglishWords.Action(key) is { } action && action != term.Key && !(back > 0 && EnglishWords.Determiners.Contains(text[back - 1].Key)))
            {
                if (!_actions.TryGetValue(term.Key, out var actions)) _actions[term.Key] = actions = new(StringComparer.Ordinal);
                actions[action] = actions.GetValueOrDefault(action) + 1;
                return;
            }
            // One more word of the object may stand in between: "book a single room".
            if (WordLists.EnglishStop.Contains(key) || back < at - 3) return;
        }
    }

    /// <summary>The first words of the text with the most words, up to one that is no verb and no stop word, for a group without a usable word; empty: none.</summary>
    public string Quote()
    {
        string[] best = [];
        foreach (var text in _texts)
        {
            var words = text.Where(word => !_nicknames.Has(word.Key) && !(word.Script == Script.Hangul && Particles.LooksAttached(word.Key)))
                .Select(word => word.Script == Script.Hangul ? word.Surface : word.Key)
                .Distinct(StringComparer.Ordinal).Take(WordsInQuote).ToArray();
            if (words.Length > best.Length) best = words;
        }
        var end = best.Length;
        while (end > 0 && (WordLists.EnglishStop.Contains(best[end - 1]) || WordLists.KoreanStop.Contains(best[end - 1]) || Predicates.IsPlainly(best[end - 1]))) end--;
        return string.Join(' ', best[..end]);
    }

    /// <summary>The key to count a word by; null where it cannot stand in a name.</summary>
    private string? Read(Word word, KoreanWords korean, HashSet<string> capitals, out string surface, out double sureness)
    {
        surface = word.Key;
        sureness = 1;
        if (_nicknames.Has(word.Key)) return null;
        if (word.Script == Script.Hangul)
        {
            if (korean.Noun(word.Key) is not { } noun || _nicknames.Has(noun.Stem)) return null;
            // The stem is the head of the word, so it is as long in the word as it was written (SD카드).
            surface = word.Surface.StartsWith(noun.Stem, StringComparison.OrdinalIgnoreCase) ? word.Surface[..noun.Stem.Length] : noun.Stem;
            sureness = noun.Sureness;
            return noun.Stem;
        }
        var key = EnglishWords.Singular(word.Key);
        if (key.Length < 2 || WordLists.EnglishStop.Contains(word.Key) || WordLists.EnglishStop.Contains(key)) return null;
        if (WordLists.EnglishWeak.Contains(word.Key) || WordLists.EnglishWeak.Contains(key)) return null;
        if (word.Script == Script.Latin && (!key.Any(char.IsAsciiLetter) || WordLists.EnglishGivenNames.Contains(key))) return null;
        surface = capitals.Contains(word.Key) ? Possessed(word.Surface) : Possessed(word.Key);
        return key;
    }

    private static string Possessed(string word) => word.EndsWith("'s", StringComparison.OrdinalIgnoreCase) ? word[..^2] : word;

    /// <summary>Words that are mostly capitalised inside sentences (names), and abbreviations in any place.</summary>
    private static HashSet<string> Capitals(IReadOnlyList<List<Word>> texts)
    {
        Dictionary<string, int> balance = new(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            // A text in capitals throughout shows nothing about its words.
            if (text.Count > 2 && text.TrueForAll(word => !word.Surface.Any(char.IsLower))) continue;
            foreach (var word in text)
            {
                if (word.Script != Script.Latin) continue;
                var abbreviation = word.Surface.Skip(1).Any(char.IsUpper);
                if (word.OpensSentence && !abbreviation && char.IsUpper(word.Surface[0])) continue;
                balance[word.Key] = balance.GetValueOrDefault(word.Key) + (abbreviation || char.IsUpper(word.Surface[0]) ? 1 : -1);
            }
        }
        return balance.Where(pair => pair.Value > 0).Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal);
    }

    private static Script MainScript(IReadOnlyList<List<Word>> texts)
    {
        var counts = new int[3];
        foreach (var word in texts.SelectMany(text => text)) counts[(int)word.Script]++;
        return (Script)Array.IndexOf(counts, counts.Max());
    }
}
