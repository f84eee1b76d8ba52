using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>
/// Names groups by their most telling words, put together as people do: a recurring compound ("network card", 영화 예매), a verb and its object ("rent car"), or
/// the scene that they add up to ("job interview"). A word's weight is a sum of logarithms: how often it is said, how early, how much more often here than in
/// the room (pointwise mutual information, Church &amp; Hanks 1990, cut off so that a rare word is worth no more than a fitting one), and how much it looks like
/// a noun. No model, no dictionary of the language.
/// </summary>
internal sealed class KeywordNamer : ITopicNamer
{
    private const int MostKeywords = 8;

    /// <summary>What each part is worth (docs/topics.md says how they were found).</summary>
    private const double Said = 0.9, Own = 0.6, Late = 0.35, Opening = 0.35, Determined = 0.3, Gerund = 0.2, Participle = 0.5, Adverb = 1.5, ProperName = 0.9, Foreign = 0.7;

    /// <summary>People name a talk by a general noun rather than by its rarest word: twenty times as often as elsewhere is as good as a thousand times.</summary>
    private const double OwnAtMost = 3;

    /// <summary>Texts after which it no longer matters when a word first came up.</summary>
    private const int LatestText = 20;

    /// <summary>
    /// In a large room, a word that only one group has is as likely a slip of the keyboard as a topic: its uses count one more for every so many groups.
    /// </summary>
    private const double GroupsForASlip = 25;

    public IReadOnlyList<TopicName> Name(IReadOnlyList<IReadOnlyList<string>> groups, IReadOnlySet<string> nicknames, IReadOnlySet<string> taken)
    {
        var people = new Nicknames(nicknames);
        var korean = new KoreanWords();
        var scanned = groups.Select(group => group.Select(WordScanner.Scan).ToArray()).ToArray();
        foreach (var text in scanned.SelectMany(texts => texts))
        {
            foreach (var word in text)
                if (word.Script == Script.Hangul) korean.Observe(word.Key);
        }

        var vocabularies = scanned.Select(texts => new Vocabulary(texts, korean, people)).ToArray();
        Weigh(vocabularies);

        var names = new NameChooser(people, taken);
        var chatter = new Lazy<string>(() => Chatter(groups.SelectMany(texts => texts).Concat(nicknames)));
        return [.. vocabularies.Select(vocabulary => Name(names, people, vocabulary, chatter))];
    }

    private static void Weigh(Vocabulary[] vocabularies)
    {
        Dictionary<string, double> everywhere = new(StringComparer.Ordinal);
        var total = 0.0;
        foreach (var term in vocabularies.SelectMany(vocabulary => vocabulary.Terms))
        {
            everywhere[term.Key] = everywhere.GetValueOrDefault(term.Key) + term.Count;
            total += term.Count;
        }
        var slips = vocabularies.Length / GroupsForASlip;
        foreach (var vocabulary in vocabularies)
        {
            var here = vocabulary.Terms.Sum(term => term.Count);
            foreach (var term in vocabulary.Terms)
            {
                var own = Math.Log(term.Count / (everywhere[term.Key] + slips) * total / here);
                term.Weight = (Said * Math.Log(term.Count)) + (Own * Math.Min(own, OwnAtMost)) - (Late * Math.Log(1 + Math.Min(term.FirstText, LatestText))) + Fitness(term);
                if (term.First < vocabulary.OpeningWords) term.Weight += Opening;
                if (term.Script != vocabulary.Main) term.Weight -= Foreign;
            }
        }
    }

    /// <summary>How well a Latin word would name a topic: less if it is somebody's name, a past tense or an adverb by its looks.</summary>
    private static double Fitness(Term term)
    {
        if (term.Script != Script.Latin) return 0;
        var word = term.Surface();
        var fitness = term.IsDetermined ? Determined : 0;
        if (word.EndsWith("ing", StringComparison.Ordinal)) fitness += Gerund;
        if (word.EndsWith("ed", StringComparison.Ordinal)) fitness -= Participle;
        if (word.EndsWith("ly", StringComparison.Ordinal)) fitness -= Adverb;
        return char.IsUpper(word[0]) && !word.Skip(1).Any(char.IsUpper) ? fitness - ProperName : fitness;
    }

    private static TopicName Name(NameChooser names, Nicknames people, Vocabulary vocabulary, Lazy<string> chatter)
    {
        var ranked = vocabulary.Terms.OrderByDescending(term => term.Weight).ThenBy(term => term.First).Take(MostKeywords).ToArray();
        if (ranked.Length > 0) return new TopicName(names.Choose(vocabulary, ranked), [.. ranked.Select(term => term.Surface())]);

        var quote = vocabulary.Quote();
        if (people.IsSpelledOutIn(quote)) quote = "";
        return new TopicName(names.Claim(quote.Length > 0 ? quote : chatter.Value), quote.Length > 0 ? quote.Split(' ') : []);
    }

    /// <summary>For a group without a single word, in the language that the room hints at.</summary>
    private static string Chatter(IEnumerable<string> texts) =>
        texts.Any(text => text.Any(c => Hangul.IsSyllable(c) || c is >= '\u3131' and <= '\u318E')) ? "잡담" : "small talk";
}
