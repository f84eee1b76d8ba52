using System.Collections.Frozen;

namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>An everyday scene as one group shows it.</summary>
/// <param name="Words">Its name; <see cref="Scenes.Subject"/> stands for the group's most telling word.</param>
/// <param name="Cues">Words of the group that gave it away and are too general to be that word.</param>
internal sealed record Scene(IReadOnlyList<string> Words, IReadOnlySet<string> Cues);

/// <summary>
/// Knows scenes that people name by a word which nobody says in them: a job interview, shopping, asking the way. A scene is a name and the words that give it
/// away (after the scripts of Schank &amp; Abelson 1977); files beside this class hold them, written by hand.
/// </summary>
internal static class Scenes
{
    public const string Subject = "*";

    /// <summary>What must come together: two strong words, or four plain ones, well ahead of any other scene.</summary>
    private const double LeastPoints = 4, LeastLead = 2;

    /// <summary>A cue that recurs counts this much of another one.</summary>
    private const double Recurring = 0.5;

    /// <summary>A long talk meets every cue by chance: they must be this share of the words that tell something.</summary>
    private const double LeastShare = 0.05;

    private const int LongestPhrase = 4, LongestPrefix = 6;

    private static readonly List<string[]> s_names = [];
    private static readonly FrozenDictionary<string, Cue[]> s_english = Load("scenes.en.txt"), s_korean = Load("scenes.ko.txt");

    public static Scene? Of(IReadOnlyList<List<Word>> texts)
    {
        var told = 0;
        var seen = new Dictionary<int, Dictionary<string, (Cue Cue, int Times)>>();
        void Meet(string key, Cue[] cues)
        {
            foreach (var cue in cues)
            {
                if (!seen.TryGetValue(cue.Scene, out var met)) seen[cue.Scene] = met = new(StringComparer.Ordinal);
                met[key] = (cue, met.TryGetValue(key, out var before) ? before.Times + 1 : 1);
            }
        }

        foreach (var text in texts)
        {
            for (var at = 0; at < text.Count; at++)
            {
                if (text[at].Script == Script.Hangul)
                {
                    told++;
                    if (Prefix(text[at].Key) is { } prefix) Meet(prefix, s_korean[prefix]);
                    continue;
                }
                if (!WordLists.EnglishStop.Contains(text[at].Key)) told++;
                foreach (var phrase in Phrases(text, at))
                    if (s_english.TryGetValue(phrase, out var cues)) Meet(phrase, cues);
            }
        }

        var ranked = seen.Select(scene => (Scene: scene.Key, Met: scene.Value, Points: scene.Value.Values.Sum(cue => cue.Cue.Points * (cue.Times > 1 ? 1 + Recurring : 1))))
            .OrderByDescending(scene => scene.Points).ThenBy(scene => scene.Scene).Take(2).ToArray();
        if (ranked.Length == 0 || ranked[0].Points < LeastPoints || (ranked.Length > 1 && ranked[0].Points - ranked[1].Points < LeastLead)) return null;
        if (ranked[0].Met.Values.Sum(cue => cue.Times) < LeastShare * told) return null;
        return new Scene(s_names[ranked[0].Scene], ranked[0].Met.Where(cue => !cue.Value.Cue.MayBeSubject).Select(cue => cue.Key).ToHashSet(StringComparer.Ordinal));
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
            if (s_korean.ContainsKey(word[..length])) return word[..length];
        return null;
    }

    private static FrozenDictionary<string, Cue[]> Load(string file)
    {
        var cues = new Dictionary<string, List<Cue>>(StringComparer.Ordinal);
        foreach (var line in WordLists.Lines(file).Where(line => !line.StartsWith('#')))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            s_names.Add(line[..colon].Split(' '));
            foreach (var marked in line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var word = marked.TrimStart('!', '+');
                var key = word.Contains('_', StringComparison.Ordinal) ? word : EnglishWords.Singular(word);
                if (!cues.TryGetValue(key, out var known)) cues[key] = known = [];
                known.Add(new Cue(s_names.Count - 1, marked[0] == '!' ? 2 : 1, marked[0] == '+'));
            }
        }
        return cues.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.ToArray(), StringComparer.Ordinal);
    }

    private readonly record struct Cue(int Scene, double Points, bool MayBeSubject);
}
