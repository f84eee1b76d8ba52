using AIChat.Domain.Topics;

namespace AIChat.Evaluation.Training;

/// <summary>
/// Makes rooms with random habits: the number of dialogues at a time, their pace and its variance, utterances split into pieces, the way of naming each other, the number of
/// people, and long pauses.
/// </summary>
internal static class BusyRoom
{
    internal static readonly string[] Korean =
        "지안 하준 서아 이안 하린 로운 아린 유준 지유 선우 서윤 시윤 은서 도현 다인 우진 연우 민재 수빈 현준 예린 승우 채은 지훈 소은 정우 윤서 승현 유나 준혁".Split(' ');

    internal static readonly string[] English =
        "maple otter quinn rusty zed tango ninja42 blue_sky kari felix dune moss bertie jo hexa piper ray vik nova lark finch ozzy wren tux pixel dan_ mira kip sol bea".Split(' ');

    private static readonly DateTimeOffset Start = new(2026, 2, 2, 8, 0, 0, TimeSpan.Zero);

    /// <param name="dialogues">The dialogues; each is used once.</param>
    /// <param name="seed">Of the room's habits and all random choices.</param>
    /// <param name="naming">Probability that an answer names the person it answers; null: drawn.</param>
    public static LabelledRoom Make(IReadOnlyList<Dialogue> dialogues, int seed, double? naming = null)
    {
        var chance = new Random(seed);
        var habits = new Habits(chance, naming);
        var hangul = dialogues.SelectMany(one => one.Lines).Take(50).Sum(line => line.Text.Count(letter => letter >= '가')) > 50;
        var names = (hangul ? Korean : English).ToArray();
        chance.Shuffle(names);
        names = names[..Math.Min(names.Length, habits.People)];
        var waiting = new Queue<int>(Shuffled(dialogues.Count, chance));
        var running = new List<Running>();
        var (lines, conversations) = (new List<ChatLine>(), new List<int>());
        var clock = 0.0;
        while (waiting.Count > 0 || running.Count > 0)
        {
            while (waiting.Count > 0 && running.Count < habits.Live)
                running.Add(new Running(waiting.Peek(), [.. Pieces(dialogues[waiting.Dequeue()], habits, chance)], Cast(names.Length, chance), clock + (chance.NextDouble() * 2 * habits.Gap), Pace(habits, chance)));
            var turn = running.MinBy(one => one.Due)!;
            clock = turn.Due;
            var (who, text, _) = turn.Lines[turn.At];
            var speaker = names[turn.Who(who)];
            if (turn.Before is { } before && before != speaker && chance.NextDouble() < habits.Naming)
                text = Call(before, text, hangul, chance);
            lines.Add(new ChatLine(speaker, speaker, text, Start.AddSeconds(clock)));
            conversations.Add(turn.Number);
            turn.Before = speaker;
            if (++turn.At == turn.Lines.Count)
                running.Remove(turn);
            else
                turn.Due = clock + Wait(turn, habits, chance);
        }

        return LabelledRoom.OfConversations($"busy {seed}", lines, conversations);
    }

    /// <summary>A text as its sender splits it into messages; most of the time it is one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="split">Probability that a text of four words or more is split.</param>
    /// <param name="chance">For the choices.</param>
    internal static string[] Pieces(string text, double split, Random chance)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 4 || chance.NextDouble() > split)
            return [text];
        var pieces = new string[Math.Min(words.Length / 2, chance.Next(2, 4))];
        for (var piece = 0; piece < pieces.Length; piece++)
            pieces[piece] = string.Join(' ', words[(words.Length * piece / pieces.Length)..(words.Length * (piece + 1) / pieces.Length)]);
        return pieces;
    }

    /// <summary>A text that names the person it is said to.</summary>
    internal static string Call(string name, string text, bool hangul, Random chance) => hangul
        ? chance.Next(5) switch
        {
            0 => $"@{name} {text}",
            1 => $"{name}{(HasFinal(name) ? "아" : "야")} {text}",
            2 => $"{name}님 {text}",
            3 => $"{text} {name}님",
            _ => $"{name} {text}",
        }
        : chance.Next(5) switch
        {
            0 => $"@{name} {text}",
            1 => $"{name}, {text}",
            2 => $"{text}, {name}",
            3 when name.Length > 4 => $"{name[..^1]}: {text}",
            _ => $"{name}: {text}",
        };

    internal static double Normal(Random chance) => Math.Sqrt(-2 * Math.Log(1 - chance.NextDouble())) * Math.Cos(2 * Math.PI * chance.NextDouble());

    private static bool HasFinal(string name) => (name[^1] - '가') % 28 != 0;

    private static IEnumerable<(int Who, string Text, bool GoesOn)> Pieces(Dialogue dialogue, Habits habits, Random chance) =>
        dialogue.Lines.SelectMany(line => Pieces(line.Text, habits.Split, chance).Select((text, piece) => (line.Who, text, piece > 0)));

    private static double Wait(Running turn, Habits habits, Random chance)
    {
        if (turn.Lines[turn.At].GoesOn)
            return 1 + (chance.NextDouble() * 5);
        if (chance.NextDouble() < habits.Pauses)
            return habits.Gap * (4 + (chance.NextDouble() * habits.LongestPause));
        return habits.Even
            ? turn.Gap * (0.2 + (1.6 * chance.NextDouble()))
            : Math.Min(20 * turn.Gap, turn.Gap * Math.Exp(habits.Unevenness * Normal(chance)));
    }

    private static double Pace(Habits habits, Random chance) => habits.Gap * Math.Exp(0.4 * Normal(chance));

    private static int[] Cast(int people, Random chance) => Shuffled(people, chance);

    private static int[] Shuffled(int count, Random chance)
    {
        var order = Enumerable.Range(0, count).ToArray();
        chance.Shuffle(order);
        return order;
    }

    private sealed class Running(int number, List<(int Who, string Text, bool GoesOn)> lines, int[] cast, double due, double gap)
    {
        public int Number => number;

        public List<(int Who, string Text, bool GoesOn)> Lines => lines;

        public double Gap => gap;

        public int At { get; set; }

        public double Due { get; set; } = due;

        public string? Before { get; set; }

        public int Who(int role) => cast[role % cast.Length];
    }

    private sealed class Habits
    {
        public Habits(Random chance, double? naming)
        {
            Live = chance.Next(2, 8);
            People = Live + chance.Next(3, 20);
            Gap = Math.Exp(Math.Log(8) + (chance.NextDouble() * Math.Log(12))); // 8–96 s
            Even = chance.NextDouble() < 0.5;
            Unevenness = 0.5 + chance.NextDouble();
            Pauses = chance.NextDouble() * 0.12;
            LongestPause = chance.NextDouble() < 0.2 ? 200 : 30;
            Split = chance.NextDouble() < 0.5 ? 0 : chance.NextDouble() * 0.6;
            Naming = naming ?? (chance.NextDouble() < 0.5 ? 0 : chance.NextDouble() * 0.35);
        }

        public int Live { get; }

        public int People { get; }

        /// <summary>Typical seconds between two lines of a dialogue.</summary>
        public double Gap { get; }

        public bool Even { get; }

        public double Unevenness { get; }

        public double Pauses { get; }

        public double LongestPause { get; }

        public double Split { get; }

        public double Naming { get; }
    }
}
