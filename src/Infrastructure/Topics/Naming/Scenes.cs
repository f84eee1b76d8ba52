using System.Collections.Frozen;

namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>An everyday scene found in a group.</summary>
/// <param name="Words">Its name; <see cref="Scenes.Subject"/> is a place for the group's strongest word.</param>
/// <param name="Cues">Cue words found in the group that are too general for that place.</param>
internal sealed record Scene(IReadOnlyList<string> Words, IReadOnlySet<string> Cues);

/// <summary>
/// Recognises scenes that people name by a word which is not said in them: a job interview, shopping, asking the way. A scene is a name and its cue words (after the scripts
/// of Schank &amp; Abelson 1977), written by hand in the files beside this class.
/// </summary>
internal static class Scenes
{
    public const string Subject = "*";

    /// <summary>Least points of a scene (two strong cues, or four plain ones), and least lead over any other scene.</summary>
    private const double LeastPoints = 4, LeastLead = 2;

    /// <summary>Share of a cue's points that is added once where the cue recurs.</summary>
    private const double Recurring = 0.5;

    /// <summary>Least share of cues among the content words, because a long conversation contains every cue by chance.</summary>
    private const double LeastShare = 0.05;

    private const int LongestPhrase = 4, LongestPrefix = 6;

    private static readonly List<string[]> Names = [];
    private static readonly FrozenDictionary<string, Cue[]> English = Load("scenes.en.txt"), Korean = Load("scenes.ko.txt");

    public static Scene? Of(IReadOnlyList<List<Word>> texts)
    {
        var contentWords = 0;
        var seen = new Dictionary<int, Dictionary<string, (Cue Cue, int Times)>>();
        void AddCue(string key, Cue[] cues)
        {
            foreach (var cue in cues)
            {
                if (!seen.TryGetValue(cue.Scene, out var found)) seen[cue.Scene] = found = new(StringComparer.Ordinal);
                found[key] = (cue, found.TryGetValue(key, out var before) ? before.Times + 1 : 1);
            }
        }

        foreach (var text in texts)
        {
            for (var at = 0; at < text.Count; at++)
            {
                if (text[at].Script == Script.Hangul)
                {
                    contentWords++;
                    if (Prefix(text[at].Key) is { } prefix) AddCue(prefix, Korean[prefix]);
                    continue;
                }
                if (!WordLists.EnglishStop.Contains(text[at].Key)) contentWords++;
                foreach (var phrase in Phrases(text, at))
                    if (English.TryGetValue(phrase, out var cues)) AddCue(phrase, cues);
            }
        }

        var ranked = seen.Select(scene => (Scene: scene.Key, Found: scene.Value, Points: scene.Value.Values.Sum(cue => cue.Cue.Points * (cue.Times > 1 ? 1 + Recurring : 1))))
            .OrderByDescending(scene => scene.Points).ThenBy(scene => scene.Scene).Take(2).ToArray();
        if (ranked.Length == 0 || ranked[0].Points < LeastPoints || (ranked.Length > 1 && ranked[0].Points - ranked[1].Points < LeastLead)) return null;
        if (ranked[0].Found.Values.Sum(cue => cue.Times) < LeastShare * contentWords) return null;
        return new Scene(Names[ranked[0].Scene], ranked[0].Found.Where(cue => !cue.Value.Cue.MayBeSubject).Select(cue => cue.Key).ToHashSet(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Phrases(List<Word> text, int at)
    {
        var phrase = text[at].Key;
        yield return EnglishWords.Singular(phrase);
        for (var next = at + 1; next < text.Count && next < at + LongestPhrase && text[next].Adjoins; next++)
            yield return phrase = $"{phrase}_{text[next].Key}";
    }

    private static string? Prefix(string word)
    {
        for (var length = Math.Min(LongestPrefix, word.Length); length > 0; length--)
            if (Korean.ContainsKey(word[..length])) return word[..length];
        return null;
    }

    private static FrozenDictionary<string, Cue[]> Load(string file)
    {
        var cues = new Dictionary<string, List<Cue>>(StringComparer.Ordinal);
        foreach (var line in WordLists.Lines(file).Where(line => !line.StartsWith('#')))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            Names.Add(line[..colon].Split(' '));
            foreach (var marked in line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var word = marked.TrimStart('!', '+');
                var key = word.Contains('_', StringComparison.Ordinal) ? word : EnglishWords.Singular(word);
                if (!cues.TryGetValue(key, out var known)) cues[key] = known = [];
                known.Add(new Cue(Names.Count - 1, marked[0] == '!' ? 2 : 1, marked[0] == '+'));
            }
        }
        return cues.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.ToArray(), StringComparer.Ordinal);
    }

    private readonly record struct Cue(int Scene, double Points, bool MayBeSubject);
}
