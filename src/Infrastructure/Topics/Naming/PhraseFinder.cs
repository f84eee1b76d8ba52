using System.Collections.Frozen;

namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>Finds the phrases of a group that could be its name: they begin and end with a content word, and the last is a noun without its particle.</summary>
internal sealed class PhraseFinder(IReadOnlyList<List<Word>> texts, Dictionary<(int Text, int At), (Term Term, string Surface)> read, Script main, Nicknames nicknames)
{
    private const int LongestPhrase = 5;

    /// <summary>Strong words that are paired with each other.</summary>
    private const int Paired = 4;

    private static readonly FrozenSet<string> Inner =
        new[] { "a", "an", "the", "of", "for", "to", "in", "on", "at", "with", "from", "and", "by", "without", "before", "after", "my", "your", "our" }.ToFrozenSet(StringComparer.Ordinal);

    private readonly Dictionary<string, Phrase> _found = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<Phrase> Find(IReadOnlyList<Term> strong)
    {
        var top = strong[0].Weight;
        var wanted = strong.ToHashSet();
        for (var text = 0; text < texts.Count; text++)
        {
            for (var first = 0; first < texts[text].Count; first++)
                FindFrom(text, first, wanted, top);
        }

        var paired = strong.Take(Paired).ToArray();
        foreach (var one in paired)
        {
            foreach (var other in paired.Where(other => other.First > one.First && other.Script == one.Script && !LooksLikeVerb(other.Surface()) && !Overlap(one, other)))
            {
                var name = $"{one.Surface()} {other.Surface()}";
                if (!_found.ContainsKey(name)) Add(name, [one, other], one.FirstText, traits => traits[20] = 1, top, 2);
            }
        }
        return [.. _found.Values];
    }

    private static bool Overlap(Term one, Term other) => one.Key.Contains(other.Key, StringComparison.Ordinal) || other.Key.Contains(one.Key, StringComparison.Ordinal);

    private void FindFrom(int text, int first, HashSet<Term> wanted, double top)
    {
        var words = texts[text];
        if (!MayBegin(text, first)) return;
        var parts = new List<string>();
        var terms = new List<Term>();
        double inner = 0, weak = 0, particles = 0;
        for (var at = first; at < words.Count && at < first + LongestPhrase; at++)
        {
            var word = words[at];
            if ((at > first && !word.Adjoins) || nicknames.Has(word.Key) || WordLists.EnglishGivenNames.Contains(word.Key)) return;
            var hangul = word.Script == Script.Hangul;
            if (!read.TryGetValue((text, at), out var content))
            {
                if (at > first && Inner.Contains(word.Key)) inner++;
                else if (hangul ? IsAdnominal(word.Key) : WordLists.EnglishWeak.Contains(word.Key)) weak++;
                else return;
                parts.Add(word.Key);
                continue;
            }
            if (terms.Contains(content.Term)) return;
            terms.Add(content.Term);
            if (at > first && terms.Exists(wanted.Contains) && !EndsInVerb(text, at, content.Surface))
            {
                var (end, inside, general, endings) = (at, inner, weak, particles);
                Add(string.Join(' ', parts.Append(content.Surface)), [.. terms], text, traits => Observe(traits, text, first, end, inside, general, endings), top, parts.Count + 1);
            }
            // 예매하는, 문제인데: a noun that is bent into a verb ends a phrase; a subject or an object loses its particle inside a name, others keep theirs.
            var ending = hangul ? word.Key[content.Term.Key.Length..] : "";
            if (ending.Length > 0 && !(word.Key.StartsWith(content.Term.Key, StringComparison.Ordinal) && ending is "을" or "를" or "이" or "가" or "은" or "는" or "도" or "의" or "에" or "에서" or "로" or "으로" or "와" or "과" or "랑" or "이랑" or "하고")) return;
            if (ending.Length > 0) particles++;
            parts.Add(ending is "을" or "를" or "이" or "가" or "은" or "는" or "도" ? content.Surface : hangul ? word.Surface : content.Surface);
        }
    }

    /// <summary>"fails", 시킬 (of 시킬 분): verbs that no noun's particle gave away.</summary>
    private bool EndsInVerb(int text, int at, string surface)
    {
        var words = texts[text];
        if (words[at].Script != Script.Hangul) return LooksLikeVerb(surface);
        if (words[at].Key.Length > surface.Length || at + 1 == words.Count || !words[at + 1].Adjoins) return false;
        return Hangul.Final(surface[^1]) is Hangul.Nieun or Hangul.Rieul && words[at + 1].Key[0] is '분' or '건' or '거' or '것' or '때' or '수' or '줄';
    }

    private static bool LooksLikeVerb(string word) =>
        word.EndsWith("ed", StringComparison.Ordinal) || word.EndsWith("ly", StringComparison.Ordinal) || word.EndsWith("able", StringComparison.Ordinal) || (word.EndsWith("ing", StringComparison.Ordinal) && EnglishWords.Action(word) is not null);

    private bool MayBegin(int text, int at)
    {
        var word = texts[text][at];
        return read.ContainsKey((text, at)) || (word.Script == Script.Hangul ? IsAdnominal(word.Key) : WordLists.EnglishWeak.Contains(word.Key) && !WordLists.EnglishStop.Contains(word.Key));
    }

    /// <summary>잃어버린, 남은, 가는: a verb that describes the noun after it.</summary>
    private static bool IsAdnominal(string word) =>
        word.Length > 1 && !WordLists.KoreanStop.Contains(word) && Hangul.Final(word[^1]) is Hangul.Nieun or Hangul.Rieul && !Predicates.IsPlainly(word) && word[^1] is not ('건' or '걸' or '은' or '한' or '는');

    private void Observe(double[] traits, int text, int first, int last, double inner, double weak, double particles)
    {
        var words = texts[text];
        var end = words[last];
        traits[5] = inner;
        traits[6] = weak;
        var goesOn = last + 1 < words.Count && words[last + 1].Adjoins;
        traits[10] = goesOn ? 0 : 1;
        traits[11] = goesOn && read.ContainsKey((text, last + 1)) ? 1 : 0;
        if (first > 0 && words[first].Adjoins)
        {
            traits[12] = Vocabulary.Determiners.Contains(words[first - 1].Key) ? 1 : 0;
            traits[13] = read.ContainsKey((text, first - 1)) ? 1 : 0;
        }
        traits[14] = EnglishWords.Action(words[first].Key) is null ? 0 : 1;
        traits[15] = EnglishWords.Action(end.Key) is null ? 0 : 1;
        traits[18] = end.Script == Script.Hangul && end.Key.Length > read[(text, last)].Term.Key.Length ? 1 : 0;
        traits[19] = particles;
    }

    private void Add(string name, IReadOnlyList<Term> terms, int text, Action<double[]> observe, double top, int words)
    {
        if (_found.TryGetValue(name, out var known))
        {
            known.Traits[9] = Math.Log(Math.Exp(known.Traits[9]) + 1);
            return;
        }
        var traits = new double[PhraseRanker.Weights.Length];
        var strengths = terms.Select(term => Math.Exp(term.Weight - top)).ToArray();
        traits[0] = strengths.Sum();
        traits[1] = strengths[^1];
        traits[2] = strengths.Max();
        traits[3] = words == 3 ? 1 : 0;
        traits[4] = words > 3 ? 1 : 0;
        traits[7] = Math.Log(1 + text);
        traits[8] = text == 0 ? 1 : 0;
        traits[16] = terms.Count(term => term.Script != main);
        traits[17] = terms.Count(term => term.Script == Script.Latin && char.IsUpper(term.Surface()[0]) && !term.Surface().Skip(1).Any(char.IsUpper));
        observe(traits);
        _found[name] = new Phrase(name, terms, traits);
    }
}
