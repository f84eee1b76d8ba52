using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>
/// Names groups of messages by an everyday scene ("job interview"), by a phrase that was said around their strongest words, or by these words; a theme by words that
/// its conversations share. The weight of a word is a sum of logarithms: its uses, the place of its first use, its pointwise mutual information with the group (Church &amp;
/// Hanks 1990), cut off so that rare words do not win, and features of nouns. It needs no model and no dictionary.
/// </summary>
internal sealed class KeywordNamer : ITopicNamer
{
    private const int MaxKeywords = 8;

    /// <summary>Weights of the terms of the sum, or their deductions (docs/topics-notebook.md says how they were found).</summary>
    private const double Uses = 0.9, Information = 0.6, Lateness = 0.35, Opening = 0.35, Determined = 0.3, Gerund = 0.2, Participle = 0.5, Adverb = 1.5, ProperName = 0.9, Foreign = 0.7, Sharing = 3;

    /// <summary>Cut-off of the mutual information, ln 20: people name a conversation by a general noun and not by its rarest word.</summary>
    private const double MaxInformation = 3;

    /// <summary>Number of texts after which a later first use makes no difference.</summary>
    private const int LatestText = 20;

    /// <summary>
    /// In a large room, a word that only one group has may be a typing slip: a word's uses in the room count one more for each so many groups.
    /// </summary>
    private const double GroupsPerSlip = 25;

    public IReadOnlyList<TopicName> Name(IReadOnlyList<TopicTexts> groups, IReadOnlySet<string> nicknames, IReadOnlySet<string> taken)
    {
        var roomNicknames = new Nicknames(nicknames);
        var vocabularies = Read(groups, roomNicknames);
        var ranked = vocabularies.ConvertAll(Ranked);
        var names = new NameChooser(roomNicknames, taken);
        // Names that stay are claimed first, so that no new one takes them.
        var kept = groups.Select((group, i) => group.Current is { } current && ranked[i].Length > 0 && names.Keep(current, vocabularies[i], ranked[i])).ToArray();
        var smallTalk = new Lazy<string>(() => SmallTalk(groups.SelectMany(group => group.Texts).Concat(nicknames)));
        return [.. groups.Select((group, i) => kept[i] ? new TopicName(group.Current!, Keywords(ranked[i])) : Name(names, roomNicknames, vocabularies[i], ranked[i], smallTalk))];
    }

    /// <summary>What each group could be named by, and the script that it is mostly in.</summary>
    internal static IReadOnlyList<(Script Main, IReadOnlyList<Phrase> Phrases)> Phrases(IReadOnlyList<TopicTexts> groups, IReadOnlySet<string> nicknames) =>
        Read(groups, new Nicknames(nicknames)).ConvertAll(vocabulary => (vocabulary.Main, Ranked(vocabulary) is { Length: > 0 } ranked ? NameChooser.Phrases(vocabulary, ranked) : []));

    private static List<Vocabulary> Read(IReadOnlyList<TopicTexts> groups, Nicknames nicknames)
    {
        var korean = new KoreanWords();
        var scanned = groups.Select(group => group.Texts.Select(WordScanner.Scan).ToArray()).ToArray();
        foreach (var text in scanned.SelectMany(texts => texts))
        {
            foreach (var word in text)
                if (word.Script == Script.Hangul) korean.Observe(word.Key);
        }

        List<Vocabulary> vocabularies = [.. scanned.Select((texts, i) => new Vocabulary(texts, groups[i].Conversations, korean, nicknames))];
        SetWeights(vocabularies);
        return vocabularies;
    }

    private static void SetWeights(List<Vocabulary> vocabularies)
    {
        Dictionary<string, double> usesInRoom = new(StringComparer.Ordinal);
        var total = 0.0;
        foreach (var term in vocabularies.SelectMany(vocabulary => vocabulary.Terms))
        {
            usesInRoom[term.Key] = usesInRoom.GetValueOrDefault(term.Key) + term.Count;
            total += term.Count;
        }
        var slips = vocabularies.Count / GroupsPerSlip;
        foreach (var vocabulary in vocabularies)
        {
            var usesInGroup = vocabulary.Terms.Sum(term => term.Count);
            foreach (var term in vocabulary.Terms)
            {
                term.Information = Math.Min(Math.Log(term.Count / (usesInRoom[term.Key] + slips) * total / usesInGroup), MaxInformation);
                term.Weight = (Uses * Math.Log(term.Count)) + (Information * term.Information) - (Lateness * Math.Log(1 + Math.Min(term.FirstText, LatestText))) + Fitness(term);
                if (term.First < vocabulary.OpeningWords) term.Weight += Opening;
                if (term.Script != vocabulary.Main) term.Weight -= Foreign;
                if (vocabulary.IsTheme) term.Weight += Sharing * Math.Log(vocabulary.Sharing(term));
            }
        }
    }

    /// <summary>How noun-like a Latin word is: less if it looks like a person's name, a past tense or an adverb.</summary>
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

    private static Term[] Ranked(Vocabulary vocabulary) => [.. vocabulary.Terms.OrderByDescending(term => term.Weight).ThenBy(term => term.First).Take(MaxKeywords)];

    private static List<string> Keywords(Term[] ranked) => [.. ranked.Select(term => term.Surface())];

    private static TopicName Name(NameChooser names, Nicknames nicknames, Vocabulary vocabulary, Term[] ranked, Lazy<string> smallTalk)
    {
        if (ranked.Length > 0) return new TopicName(names.Choose(vocabulary, ranked), Keywords(ranked));

        var quote = vocabulary.Quote();
        if (nicknames.IsSpelledOutIn(quote)) quote = "";
        return new TopicName(names.Claim(quote.Length > 0 ? quote : smallTalk.Value), quote.Length > 0 ? quote.Split(' ') : []);
    }

    /// <summary>The name of a group without words, in the language of the room's texts and nicknames.</summary>
    private static string SmallTalk(IEnumerable<string> texts) =>
        texts.Any(text => Text.Composed(text).Any(Hangul.IsLetter)) ? "잡담" : "small talk";
}
