namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>Builds names from ranked words; no two are equal.</summary>
internal sealed class NameChooser(Nicknames nicknames, IReadOnlySet<string> taken)
{
    private const int LongestName = 60;

    /// <summary>Phrases that are tried before a name is made of single words.</summary>
    private const int MostSaid = 3;

    /// <summary>A name is kept where no other is better by more than this: that many times likelier is e to this power.</summary>
    private const double Margin = 1;

    private readonly HashSet<string> _used = new(taken.Select(name => Text.Composed(name).Trim()), StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _numbers = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="vocabulary">The group.</param>
    /// <param name="ranked">Its words, the strongest first; at least one.</param>
    public string Choose(Vocabulary vocabulary, IReadOnlyList<Term> ranked)
    {
        var scene = vocabulary.Scene();
        var (lead, rest) = scene is null ? Keywords(vocabulary, ranked) : SceneWords(scene, ranked);
        // The best phrases, then the lead, then with one more word, then without its second word, then with two more.
        var said = scene is null ? Said(vocabulary, ranked).OrderByDescending(phrase => phrase.Score).ThenBy(phrase => phrase.Text, StringComparer.Ordinal).Take(MostSaid) : [];
        List<IEnumerable<string>> wordings = [.. said.Select(phrase => phrase.Text.Split(' ')), lead, .. rest.Select(word => lead.Append(word))];
        if (lead.Count > 1) wordings.AddRange(rest.Select(word => lead.Take(1).Append(word)));
        if (rest.Count > 1) wordings.Add(lead.Concat(rest.Take(2)));
        string? first = null;
        foreach (var wording in wordings)
        {
            var name = Truncate(string.Join(' ', wording), LongestName);
            if (nicknames.IsSpelledOutIn(name)) continue;
            first ??= name;
            if (_used.Add(name)) return name;
        }
        return Claim(first ?? lead[0]);
    }

    /// <summary>Keeps the name that a group has, while it is nearly as good as the best one and nobody else has it.</summary>
    public bool Keep(string current, Vocabulary vocabulary, IReadOnlyList<Term> ranked)
    {
        if (nicknames.IsSpelledOutIn(current) || !IsStillGood(current, vocabulary, ranked)) return false;
        return _used.Add(current);
    }

    /// <summary>The name itself, or with the first number that makes it new.</summary>
    public string Claim(string name)
    {
        name = Truncate(name, LongestName);
        if (_used.Add(name)) return name;
        var number = _numbers.GetValueOrDefault(name, 1);
        string numbered;
        do
        {
            var suffix = $" {++number}";
            numbered = Truncate(name, LongestName - suffix.Length) + suffix;
        }
        while (!_used.Add(numbered));
        _numbers[name] = number;
        return numbered;
    }

    /// <summary>What a group may be called where it is no scene.</summary>
    public static IReadOnlyList<Phrase> Phrases(Vocabulary vocabulary, IReadOnlyList<Term> ranked)
        => vocabulary.Phrases(ranked, string.Join(' ', Keywords(vocabulary, ranked).Lead));

    private static bool IsStillGood(string current, Vocabulary vocabulary, IReadOnlyList<Term> ranked)
    {
        if (vocabulary.Scene() is { } scene)
        {
            var (lead, rest) = SceneWords(scene, ranked);
            var name = string.Join(' ', lead);
            return current.Equals(name, StringComparison.OrdinalIgnoreCase) || rest.Exists(word => current.Equals($"{name} {word}", StringComparison.OrdinalIgnoreCase));
        }

        var phrases = Said(vocabulary, ranked).ToList();
        if (phrases.Find(phrase => phrase.Text.Equals(current, StringComparison.OrdinalIgnoreCase)) is { Text: not null } known)
            return known.Score >= phrases.Max(phrase => phrase.Score) - Margin;
        var strong = ranked.Select(term => term.Surface()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return current.Split(' ').All(word => strong.Contains(word) || word is "a" or "an" || vocabulary.IsDone(word)) && strong.Contains(current[(current.LastIndexOf(' ') + 1)..]);
    }

    /// <summary>The phrases that count, with their scores: none where the opening tells little; of a theme those whose words several conversations have.</summary>
    private static IEnumerable<(string Text, double Score)> Said(Vocabulary vocabulary, IReadOnlyList<Term> ranked)
    {
        var ranker = PhraseRanker.For(vocabulary.Main);
        if (vocabulary.IsTheme || (vocabulary.Main != Script.Hangul && !vocabulary.IsChat)) return [];
        return Phrases(vocabulary, ranked).Select(phrase => (phrase.Text, ranker.Score(phrase)));
    }

    /// <summary>The words that the name of a scene begins with, and the words that may be added.</summary>
    private static (List<string> Lead, List<string> Others) SceneWords(Scene scene, IReadOnlyList<Term> ranked)
    {
        var free = ranked.Where(term => !scene.Cues.Contains(term.Key) && !scene.Words.Any(word => Overlap(word, term.Key))).ToList();
        var subject = scene.Words.Contains(Scenes.Subject) ? free.FirstOrDefault() : null;
        List<string> name = [.. scene.Words.Select(word => word == Scenes.Subject ? subject?.Surface() : word).OfType<string>()];
        free.RemoveAll(term => term == subject);
        return (name, [.. free.Where(term => !term.IsVerb).Select(term => term.Surface())]);
    }

    /// <summary>The group's own words that a name begins with, and the words that may be added.</summary>
    private static (List<string> Lead, List<string> Others) Keywords(Vocabulary vocabulary, IReadOnlyList<Term> ranked)
    {
        var terms = Compound(vocabulary, ranked);
        var rest = ranked.Where(term => !terms.Contains(term) && !terms.Exists(other => Overlap(other.Key, term.Key))).ToList();
        List<string> lead = [.. terms.Select(term => term.Surface())];
        if (terms.Select(vocabulary.ActionOn).FirstOrDefault(action => action is not null && !terms.Exists(term => Overlap(term.Key, action))) is { } verb)
        {
            lead = [Term.Done(verb, terms)];
            rest.RemoveAll(term => Overlap(term.Key, verb));
        }
        else if (lead.Count == 1 && rest.Count > 0 && terms[0].IsVerb)
        {
            // "Consider offer": a verb stands before its object.
            lead.Add(rest[0].Surface());
            rest.RemoveAt(0);
        }
        else if (lead.Count == 1 && rest.Count > 0 && rest[0].IsVerb)
        {
            lead.Insert(0, rest[0].Surface());
            rest.RemoveAt(0);
        }
        else if (lead.Count == 1 && rest.Count > 0)
        {
            // In the order in which the two occur: "travel packing", not "packing travel".
            lead.Insert(vocabulary.Together(rest[0], terms[0]) > 0 ? 0 : 1, rest[0].Surface());
            rest.RemoveAt(0);
        }
        return (lead, [.. rest.Where(term => !term.IsVerb).Select(term => term.Surface())]);
    }

    /// <summary>The strongest word, with the word that recurs beside it ("network card", 영화 예매).</summary>
    private static List<Term> Compound(Vocabulary vocabulary, IReadOnlyList<Term> ranked)
    {
        // A name begins in the group's own language wherever it can.
        var best = ranked.FirstOrDefault(term => term.Script == vocabulary.Main) ?? ranked[0];
        var partner = (Term: (Term?)null, Before: false, Times: 1);
        foreach (var term in ranked)
        {
            if (term == best || Overlap(term.Key, best.Key)) continue;
            var before = vocabulary.Together(term, best);
            var after = vocabulary.Together(best, term);
            if (Math.Max(before, after) > partner.Times) partner = (term, before > after, Math.Max(before, after));
        }
        if (partner.Term is null) return [best];
        return partner.Before ? [partner.Term, best] : [best, partner.Term];
    }

    /// <summary>Whether one contains the other (휴대폰 and 폰, printer and printers), so that a name needs only one of them.</summary>
    private static bool Overlap(string a, string b) => a.Contains(b, StringComparison.Ordinal) || b.Contains(a, StringComparison.Ordinal);

    private static string Truncate(string name, int maxLength)
    {
        if (name.Length <= maxLength) return name;
        var space = name.LastIndexOf(' ', maxLength);
        var end = space > 0 ? space : maxLength;
        if (char.IsHighSurrogate(name[end - 1])) end--;
        return name[..end].TrimEnd();
    }
}
