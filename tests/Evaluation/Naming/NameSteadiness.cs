using System.Diagnostics;
using System.Globalization;
using AIChat.Domain.Topics;
using AIChat.Evaluation.Summaries;
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
        Console.WriteLine($"  One of its lines moved away: {Kept(moves, move => move.Kept)} keep their name, {Kept(moves, move => move.Anew)} if each time named anew");
        var others = moves.FindAll(move => !move.IsNamed);
        Console.WriteLine($"  of lines without its words: {Kept(others, move => move.Kept)}, {Kept(others, move => move.Anew)}");
        Time(rooms);
    }

    private static void Row(string what, List<TitledRoom> rooms, Func<TopicTexts, string> name)
    {
        var score = Score(rooms, name);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what,-32}{100 * score.One,6:F1} /{100 * score.Two,5:F1}"));
    }

    /// <param name="rooms">Their conversations are named each alone.</param>
    /// <param name="name">Names a conversation.</param>
    public static RougeScore Score(List<TitledRoom> rooms, Func<TopicTexts, string> name) => TitleScores.Score(rooms, rooms.ConvertAll(room => room.Groups().Select(name).ToList()));

    private static string Kept<T>(List<T> moves, Predicate<T> kept) => string.Create(CultureInfo.InvariantCulture, $"{100.0 * moves.FindAll(kept).Count / moves.Count:F1} %");

    public static string Name(TopicTexts group) => new KeywordNamer().Name([group], None, None)[0].Name;

    /// <summary>The name that it keeps from its first line to its last.</summary>
    public static string Grown(TopicTexts group) =>
        Enumerable.Range(1, group.Texts.Count).Aggregate((string?)null, (current, lines) => Name(new TopicTexts([.. group.Texts.Take(lines)]) { Current = current }))!;

    private static IEnumerable<(bool IsNamed, bool Kept, bool Anew)> Moves(TopicTexts group)
    {
        var name = Name(group);
        for (var line = 0; line < group.Texts.Count && group.Texts.Count > 1; line++)
        {
            string[] rest = [.. group.Texts.Where((_, at) => at != line)];
            var isNamed = Array.Exists(name.Split(' '), word => group.Texts[line].Contains(word, StringComparison.OrdinalIgnoreCase));
            yield return (isNamed, Name(new TopicTexts(rest) { Current = name }) == name, Name(new TopicTexts(rest)) == name);
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
