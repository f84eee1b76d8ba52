using System.Globalization;
using AIChat.Domain.Topics;
using AIChat.Evaluation.Summaries;
using AIChat.Infrastructure.Topics.Naming;

namespace AIChat.Evaluation.Naming;

/// <summary>Scores names against those that people gave: titles of the written rooms' gold conversations, topics of DialogSum.</summary>
internal static class TitleScores
{
    private static readonly HashSet<string> None = [];

    public static void ShowRooms(bool shown)
    {
        Console.WriteLine("ROUGE-1 / -2 against people's titles, gold conversations of the written rooms");
        foreach (var set in new[] { "learn", "choose" })
        {
            var rooms = TitledRoom.Read(set);
            var names = rooms.ConvertAll(Names);
            if (shown)
                Console.WriteLine(string.Join('\n', rooms.SelectMany((room, i) => room.Titles.Zip(names[i], (title, name) => $"    {name,-40} | {title}"))));
            Row($"{set}: names", Score(rooms, names));
            Row($"{set}: two top words", Score(rooms, rooms.ConvertAll(room => TopTwo(room.Groups()))));
        }
    }

    /// <summary>The mean over all conversations of the rooms.</summary>
    public static RougeScore Score(List<TitledRoom> rooms, List<List<string>> names) =>
        RougeScore.Mean([.. rooms.Zip(names, (room, given) => given.Zip(room.Titles, RougeScore.Of)).SelectMany(scores => scores)]);

    public static List<string> Names(TitledRoom room) => [.. new KeywordNamer().Name(room.Groups(), room.Nicknames, None).Select(name => name.Name)];

    /// <param name="data">A folder with dialogsum*.jsonl.</param>
    public static void ShowDialogues(DirectoryInfo data)
    {
        var talks = TitledDialogue.Read(data);
        if (talks.Count == 0) return;
        Console.WriteLine($"ROUGE-1 against the best of people's names, {talks.Count} dialogues of DialogSum: even places, odd, all");
        var groups = talks.ConvertAll(talk => new TopicTexts(talk.Texts));
        Row("names", talks, [.. new KeywordNamer().Name(groups, None, None).Select(name => name.Name)]);
        Row("names, each alone in its room", talks, groups.ConvertAll(group => new KeywordNamer().Name([group], None, None)[0].Name));
        Row("two top words", talks, TopTwo(groups));
    }

    /// <summary>The floor: the two words of each group with the greatest TF-IDF, without stop words.</summary>
    private static List<string> TopTwo(IReadOnlyList<TopicTexts> groups)
    {
        var words = groups.Select(group => group.Texts.SelectMany(WordScanner.Scan).Select(word => word.Script == Script.Latin ? EnglishWords.Singular(word.Key) : word.Key)
            .Where(word => word.Length > 1 && !WordLists.EnglishStop.Contains(word) && !WordLists.KoreanStop.Contains(word)).ToList()).ToList();
        var holding = words.SelectMany(group => group.Distinct()).CountBy(word => word).ToDictionary();
        return words.ConvertAll(group => string.Join(' ', group.CountBy(word => word).OrderByDescending(word => word.Value * Math.Log((double)groups.Count / holding[word.Key])).Take(2).Select(word => word.Key)));
    }

    private static void Row(string what, RougeScore score) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what,-32}{100 * score.One,6:F1} /{100 * score.Two,5:F1}"));

    /// <summary>Constants were tuned on the dialogues at even places; those at odd places are held out.</summary>
    private static void Row(string what, List<TitledDialogue> talks, List<string> names)
    {
        var scores = talks.Select((talk, i) => 100 * talk.Titles.Max(title => RougeScore.Of(names[i], title).One)).ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what,-32}{scores.Where((_, i) => i % 2 == 0).Average(),6:F1}{scores.Where((_, i) => i % 2 == 1).Average(),6:F1}{scores.Average(),6:F1}"));
    }
}
