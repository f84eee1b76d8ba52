using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>
/// Names groups by their most telling words: class-based TF-IDF, W(t,c) = tf(t,c)·log(1 + A / f(t)), A = average words a group, f = uses in all groups
/// (Grootendorst 2022, BERTopic, equation 3), over nouns as far as endings tell them, with tf and f tempered as the
/// constants below say. No model, no dictionary of the language.
/// </summary>
internal sealed class KeywordNamer : ITopicNamer
{
    private const int MostKeywords = 8;

    /// <summary>What a group's first text says of its subject is worth this much more.</summary>
    private const double OpeningBonus = 2;

    /// <summary>A word that returns is worth more than two that are said once.</summary>
    private const double CountPower = 1.3;

    /// <summary>
    /// In a large room, a word that only one group has is as likely a slip of the keyboard as a topic: f counts one use more for every so many groups.
    /// </summary>
    private const double GroupsForASlip = 25;

    /// <summary>A word in a language other than the group's own.</summary>
    private const double ForeignDiscount = 0.5;

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
        var average = total / Math.Max(1, vocabularies.Length);
        var slips = vocabularies.Length / GroupsForASlip;
        foreach (var vocabulary in vocabularies)
        {
            foreach (var term in vocabulary.Terms)
            {
                term.Weight = Math.Pow(term.Count, CountPower) * Math.Log(1 + (average / (everywhere[term.Key] + slips))) * Fitness(term);
                if (term.First < vocabulary.OpeningWords) term.Weight *= OpeningBonus;
                if (term.Script != vocabulary.Main) term.Weight *= ForeignDiscount;
            }
        }
    }

    /// <summary>How well a Latin word would name a topic: less if it is somebody's name, a past tense or an adverb by its looks.</summary>
    private static double Fitness(Term term)
    {
        if (term.Script != Script.Latin) return 1;
        var word = term.Surface();
        if (word.EndsWith("ed", StringComparison.Ordinal)) return 0.6;
        if (word.EndsWith("ly", StringComparison.Ordinal)) return 0.3;
        return char.IsUpper(word[0]) && !word.Skip(1).Any(char.IsUpper) ? 0.5 : 1;
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
