using System.Diagnostics;
using System.Globalization;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Naming;

namespace AIChat.Evaluation.Naming;

/// <summary>How names of the written rooms' gold conversations come about line by line, how steady they are, and what they cost.</summary>
internal static class NameSteadiness
{
    private const int Long = 200, Rounds = 20;

    private static readonly HashSet<string> None = [];

    public static void Show()
    {
        var rooms = TitledRoom.Read("choose");
        Console.WriteLine("Names while a conversation grows, each alone in its room, ROUGE-1 / -2 (choose)");
        Row("of the first line", rooms, group => Name(new TopicTexts([group.Texts[0]])));
        Row("kept from line to line", rooms, Grown);
        Row("of all lines at once", rooms, Name);
        var moves = rooms.SelectMany(room => room.Groups()).SelectMany(Moves).ToList();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  One of its lines moved away: {100.0 * moves.Count(move => move.Kept) / moves.Count:F1} % keep their name; {100.0 * moves.Count(move => move.Anew) / moves.Count:F1} % would if each time named anew"));
        Time(rooms);
    }

    private static void Row(string what, List<TitledRoom> rooms, Func<TopicTexts, string> name)
    {
        var score = TitleScores.Score(rooms, rooms.ConvertAll(room => room.Groups().Select(name).ToList()));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what,-32}{100 * score.One,6:F1} /{100 * score.Two,5:F1}"));
    }

    private static string Name(TopicTexts group) => new KeywordNamer().Name([group], None, None)[0].Name;

    private static string Grown(TopicTexts group) =>
        Enumerable.Range(1, group.Texts.Count).Aggregate((string?)null, (current, lines) => Name(new TopicTexts([.. group.Texts.Take(lines)]) { Current = current }))!;

    private static IEnumerable<(bool Kept, bool Anew)> Moves(TopicTexts group)
    {
        var name = Name(group);
        for (var line = 0; line < group.Texts.Count && group.Texts.Count > 1; line++)
        {
            string[] rest = [.. group.Texts.Where((_, at) => at != line)];
            yield return (Name(new TopicTexts(rest) { Current = name }) == name, Name(new TopicTexts(rest)) == name);
        }
    }

    private static void Time(List<TitledRoom> rooms)
    {
        var group = new TopicTexts([.. rooms.SelectMany(room => room.Texts).Take(Long)]);
        Name(group);
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Rounds; i++) Name(group);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {Long} lines named as one conversation in {clock.Elapsed.TotalMilliseconds / Rounds:F1} ms"));
    }
}
