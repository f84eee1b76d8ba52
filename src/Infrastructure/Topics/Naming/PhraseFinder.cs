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
    private readonly int[] _contentBefore = ContentBefore(texts.Count, read);
    private readonly int _contentTexts = read.Keys.Select(place => place.Text).Distinct().Count();
    private double _top;

    /// <param name="strong">The group's strongest words, the strongest first; at least one.</param>
    /// <param name="actionOn">The verb whose object a word is; null: none.</param>
    /// <param name="lead">The name that is made of the strongest ones.</param>
    public IReadOnlyList<Phrase> Find(IReadOnlyList<Term> strong, Func<Term, string?> actionOn, string lead)
    {
        _top = strong[0].Weight;
        var wanted = strong.ToHashSet();
        for (var text = 0; text < texts.Count; text++)
        {
            for (var first = 0; first < texts[text].Count; first++)
                FindFrom(text, first, wanted);
        }

        var paired = strong.Take(Paired).ToArray();
        foreach (var one in paired.Where(one => !one.IsVerb))
        {
            foreach (var other in paired.Where(other => other.First < one.First && other.Script == one.Script && !Overlap(one.Key, other.Key)))
                AddUnsaid($"{other.Surface()} {one.Surface()}", [other, one], PhraseFeature.Paired);
            if (actionOn(one) is { } action && !Overlap(one.Key, action)) AddUnsaid(Term.Done(action, [one]), [one], PhraseFeature.ActionOnObject);
        }
        var leading = lead.Split(' ');
        AddUnsaid(lead, [.. strong.Where(term => leading.Contains(term.Surface())).OrderBy(term => Array.IndexOf(leading, term.Surface()))], PhraseFeature.Lead);
        return [.. _found.Values];
    }

    private static int[] ContentBefore(int texts, Dictionary<(int Text, int At), (Term Term, string Surface)> read)
    {
        var has = new int[texts];
        foreach (var (text, _) in read.Keys) has[text] = 1;
        var before = new int[texts];
        for (var text = 1; text < texts; text++) before[text] = before[text - 1] + has[text - 1];
        return before;
    }

    private static bool Overlap(string one, string other) => one.Contains(other, StringComparison.Ordinal) || other.Contains(one, StringComparison.Ordinal);

    private void FindFrom(int text, int first, HashSet<Term> wanted)
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
            // "Small car" says no more than "car".
            if ((terms.Count > 1 || (hangul && at > first)) && terms.Exists(wanted.Contains) && !EndsInVerb(text, at, content.Surface))
            {
                var (end, inside, general, endings) = (at, inner, weak, particles);
                AddSaid(string.Join(' ', parts.Append(content.Surface)), terms, text, parts.Count + 1, features => Observe(features, text, first, end, inside, general, endings));
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
        if (words[at].Script != Script.Hangul) return EnglishWords.LooksLikeVerb(surface);
        if (words[at].Key.Length > surface.Length || at + 1 == words.Count || !words[at + 1].Adjoins) return false;
        return Hangul.Final(surface[^1]) is Hangul.Nieun or Hangul.Rieul && words[at + 1].Key[0] is '분' or '건' or '거' or '것' or '때' or '수' or '줄';
    }

    private bool MayBegin(int text, int at)
    {
        var word = texts[text][at];
        return read.ContainsKey((text, at)) || (word.Script == Script.Hangul ? IsAdnominal(word.Key) : WordLists.EnglishWeak.Contains(word.Key) && !WordLists.EnglishStop.Contains(word.Key));
    }

    /// <summary>잃어버린, 남은, 가는: a verb that describes the noun after it.</summary>
    private static bool IsAdnominal(string word) =>
        word.Length > 1 && !WordLists.KoreanStop.Contains(word) && Hangul.Final(word[^1]) is Hangul.Nieun or Hangul.Rieul && !Predicates.IsPlainly(word) && word[^1] is not ('건' or '걸' or '은' or '한' or '는');

    private void Observe(double[] features, int text, int first, int last, double inner, double weak, double particles)
    {
        var words = texts[text];
        var end = words[last];
        features[(int)PhraseFeature.FunctionWords] = inner;
        features[(int)PhraseFeature.GeneralWords] = weak;
        features[(int)PhraseFeature.InnerParticles] = particles;
        var goesOn = last + 1 < words.Count && words[last + 1].Adjoins;
        features[(int)PhraseFeature.EndsClause] = goesOn ? 0 : 1;
        features[(int)PhraseFeature.ContentAfter] = goesOn && read.ContainsKey((text, last + 1)) ? 1 : 0;
        if (first > 0 && words[first].Adjoins)
        {
            features[(int)PhraseFeature.Determined] = EnglishWords.Determiners.Contains(words[first - 1].Key) ? 1 : 0;
            features[(int)PhraseFeature.ContentBefore] = read.ContainsKey((text, first - 1)) ? 1 : 0;
        }
        features[(int)PhraseFeature.BeginsWithAction] = EnglishWords.Action(words[first].Key) is null ? 0 : 1;
        features[(int)PhraseFeature.EndsInAction] = EnglishWords.Action(end.Key) is null ? 0 : 1;
        features[(int)PhraseFeature.EndingTaken] = end.Script == Script.Hangul && end.Key.Length > read[(text, last)].Term.Key.Length ? 1 : 0;
    }

    private void AddSaid(string name, List<Term> terms, int text, int words, Action<double[]> observe)
    {
        if (_found.TryGetValue(name, out var known))
        {
            ref var times = ref known.Features[(int)PhraseFeature.TimesSaid];
            times = Math.Log(Math.Exp(times) + 1);
            return;
        }
        var features = Features(terms, text, words);
        observe(features);
        _found[name] = new Phrase(name, features);
    }

    private void AddUnsaid(string name, IReadOnlyList<Term> terms, PhraseFeature kind)
    {
        if (!_found.TryGetValue(name, out var phrase)) _found[name] = phrase = new Phrase(name, Features(terms, terms.Min(term => term.FirstText), 2));
        else if (kind == PhraseFeature.Paired) return;
        phrase.Features[(int)kind] = 1;
    }

    private double[] Features(IReadOnlyList<Term> terms, int text, int words)
    {
        var features = new double[PhraseRanker.Features];
        features[(int)PhraseFeature.Strength] = terms.Sum(Strength);
        features[(int)PhraseFeature.FirstStrength] = Strength(terms[0]);
        features[(int)PhraseFeature.LastStrength] = Strength(terms[^1]);
        features[(int)PhraseFeature.HasStrongest] = terms.Any(term => term.Weight >= _top) ? 1 : 0;
        features[(int)PhraseFeature.LastVerbShare] = terms[^1].VerbShare;
        features[(int)PhraseFeature.ThreeWords] = words == 3 ? 1 : 0;
        features[(int)PhraseFeature.FourWords] = words > 3 ? 1 : 0;
        features[(int)PhraseFeature.Lateness] = Math.Log(1 + _contentBefore[text]);
        features[(int)PhraseFeature.Opening] = _contentBefore[text] == 0 ? 1 : 0;
        features[(int)PhraseFeature.Spread] = terms.SelectMany(term => term.Texts).Distinct().Count() / (double)_contentTexts;
        features[(int)PhraseFeature.Recurrence] = terms.Average(term => Math.Log(term.Texts.Count));
        features[(int)PhraseFeature.LastRecurrence] = Math.Log(terms[^1].Texts.Count);
        features[(int)PhraseFeature.Information] = terms.Average(term => term.Information);
        features[(int)PhraseFeature.ForeignWords] = terms.Count(term => term.Script != main);
        features[(int)PhraseFeature.CapitalWords] = terms.Count(term => term.Script == Script.Latin && char.IsUpper(term.Surface()[0]) && !term.Surface().Skip(1).Any(char.IsUpper));
        return features;
    }

    private double Strength(Term term) => Math.Exp(term.Weight - _top);
}
