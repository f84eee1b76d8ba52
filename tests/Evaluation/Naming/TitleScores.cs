using System.Globalization;
using AIChat.Evaluation.Summaries;
using AIChat.Infrastructure.Topics.Naming;

namespace AIChat.Evaluation.Naming;

/// <summary>Scores names of the written rooms' gold conversations against the titles that people gave, and learns the ranker's weights from them.</summary>
internal static class TitleScores
{
    public static void Show()
    {
        Console.WriteLine("ROUGE-1 / -2 against people's titles; duplicates in a room");
        foreach (var set in new[] { "learn", "choose" })
        {
            var rooms = TitledRoom.Read(set);
            var names = rooms.ConvertAll(room => new KeywordNamer().Name(room.Groups(), room.Nicknames, new HashSet<string>()).Select(name => name.Name).ToList());
            var score = RougeScore.Mean([.. rooms.Zip(names, (room, given) => given.Zip(room.Titles, RougeScore.Of)).SelectMany(scores => scores)]);
            var duplicates = names.Sum(given => given.Count - given.Distinct(StringComparer.OrdinalIgnoreCase).Count());
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {set,-8}{100 * score.One:F1} / {100 * score.Two:F1}   {duplicates}"));
        }
    }

    /// <summary>Prints the weights that the rooms to learn from give.</summary>
    public static void Train()
    {
        var groups = TitledRoom.Read("learn").SelectMany(room => KeywordNamer.Phrases(room.Groups(), room.Nicknames).Zip(room.Titles)).Where(group => group.First.Count > 0);
        Console.WriteLine(string.Join(", ", RankerTraining.Learn([.. groups]).Select(weight => weight.ToString("F2", CultureInfo.InvariantCulture))));
    }
}
