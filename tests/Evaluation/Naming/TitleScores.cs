using System.Globalization;
using AIChat.Evaluation.Summaries;
using AIChat.Infrastructure.Topics.Naming;

namespace AIChat.Evaluation.Naming;

/// <summary>Scores names of the written rooms' gold conversations against the titles that people gave, and learns the ranker's weights from them.</summary>
internal static class TitleScores
{
    private static readonly HashSet<string> None = [];

    public static void Show(DirectoryInfo? data)
    {
        Console.WriteLine("ROUGE-1 / -2 against people's titles; duplicates in a room");
        foreach (var set in new[] { "learn", "choose" })
        {
            var rooms = TitledRoom.Read(set);
            var names = rooms.ConvertAll(room => new KeywordNamer().Name(room.Groups(), room.Nicknames, None).Select(name => name.Name).ToList());
            if (Environment.GetEnvironmentVariable("SHOWN") is not null) foreach (var (room, given) in rooms.Zip(names)) foreach (var (title, name) in room.Titles.Zip(given)) Console.WriteLine($"    {100 * RougeScore.Of(name, title).One,4:F0} {name,-40} | {title}");
            var score = RougeScore.Mean([.. rooms.Zip(names, (room, given) => given.Zip(room.Titles, RougeScore.Of)).SelectMany(scores => scores)]);
            var floor = RougeScore.Mean([.. rooms.SelectMany(room => TopTwo(room.Groups()).Zip(room.Titles, RougeScore.Of))]);
            var duplicates = names.Sum(given => given.Count - given.Distinct(StringComparer.OrdinalIgnoreCase).Count());
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {set,-8}{100 * score.One:F1} / {100 * score.Two:F1}   {duplicates}  floor {100 * floor.One:F1} / {100 * floor.Two:F1}"));
        }
        if (data is null) return;
        var talks = TitledDialogue.Read(data);
        var named = new KeywordNamer().Name([.. talks.Select(talk => talk.Texts)], None, None).Select(name => name.Name).ToList();
        if (Environment.GetEnvironmentVariable("EVEN") is not null) foreach (var (i, talk) in talks.Index()) if (i % 2 == 0) Console.WriteLine($"    {100 * talk.Titles.Max(title => RougeScore.Of(named[i], title).One),4:F0} {named[i],-40} | {talk.Titles[0]}");
        var floors = TopTwo([.. talks.Select(talk => talk.Texts)]);
        foreach (var half in Environment.GetEnvironmentVariable("ODD") is null ? new[] { 0 } : new[] { 0, 1 })
        {
            double Mean(List<string> names) => 100 * talks.Index().Where(talk => talk.Index % 2 == half).Average(talk => talk.Item.Titles.Max(title => RougeScore.Of(names[talk.Index], title).One));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  DialogSum {(half == 0 ? "even" : "odd")} {Mean(named):F1} floor {Mean(floors):F1}"));
        }
    }

    private static List<string> TopTwo(IReadOnlyList<IReadOnlyList<string>> groups)
    {
        var words = groups.Select(group => group.SelectMany(WordScanner.Scan).Select(word => word.Script == Script.Latin ? EnglishWords.Singular(word.Key) : word.Key)
            .Where(word => word.Length > 1 && !WordLists.EnglishStop.Contains(word) && !WordLists.KoreanStop.Contains(word)).ToList()).ToList();
        var holding = words.SelectMany(group => group.Distinct()).CountBy(word => word).ToDictionary();
        return words.ConvertAll(group => string.Join(' ', group.CountBy(word => word).OrderByDescending(word => word.Value * Math.Log((double)groups.Count / holding[word.Key])).Take(2).Select(word => word.Key)));
    }

    /// <summary>Prints the weights that the rooms to learn from give.</summary>
    public static void Train()
    {
        var groups = new List<(IReadOnlyList<Phrase>, string)>();
        foreach (var room in TitledRoom.Read("learn"))
        {
            foreach (var part in Parts)
            {
                var texts = room.Groups().Select(group => (IReadOnlyList<string>)[.. group.Take(part)]).ToList();
                groups.AddRange(KeywordNamer.Phrases(texts, room.Nicknames).Zip(room.Titles).Where(group => group.First.Count > 0));
            }
        }
        foreach (var (feature, weight) in RankerTraining.Learn(groups).Index())
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(PhraseFeature)feature} {weight:F2}"));
    }

    private static Range[] Parts => [.. (Environment.GetEnvironmentVariable("PARTS") ?? "..").Split(',').Select(part => part.Split("..") is var p ? new Range(p[0].Length > 0 ? int.Parse(p[0]) : 0, p[1].Length > 0 ? int.Parse(p[1]) : ^0) : default)];
}
