using AIChat.Domain.Topics;

namespace AIChat.Evaluation.Rooms;

/// <summary>Manner of speaking in a made room.</summary>
internal enum RoomHabit
{
    /// <summary>Two speakers take turns, 5–60 s apart, with a pause of 2–20 min now and then; one reply in six names the other speaker.</summary>
    Turns,

    /// <summary>Two or three speakers in no fixed order, utterances often split into two messages, bursts and uneven gaps; one reply in eight names the person it answers.</summary>
    Bursts,
}

/// <summary>Makes busy rooms of separate dialogues, because no annotated Korean group chat is public.</summary>
internal static class RoomMaker
{
    private static readonly string[] People =
        ["민지", "서준", "하은", "도윤", "지우", "시우", "수아", "예준", "다은", "건우", "채원", "지호", "나연", "현우", "유진", "태윤", "소율", "준서", "가은", "은우"];

    private static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Reads one column of a table with a heading row: one utterance a row, a blank row between dialogues.</summary>
    public static List<List<string>> ReadDialogues(string path, string column)
    {
        var rows = File.ReadAllText(path).Split('\n');
        var at = Array.IndexOf(rows[0].Split('\t'), column);
        if (at < 0)
            throw new ArgumentException($"The table has no column {column}.", nameof(column));
        var dialogues = new List<List<string>> { new() };
        foreach (var row in rows.Skip(1))
        {
            var cells = row.Split('\t');
            if (string.IsNullOrWhiteSpace(row))
                dialogues.Add([]);
            else if (cells.Length > at && !string.IsNullOrWhiteSpace(cells[at]))
                dialogues[^1].Add(cells[at].Trim());
        }

        dialogues.RemoveAll(dialogue => dialogue.Count == 0);
        return dialogues;
    }

    public static MadeRoom Make(IReadOnlyList<List<string>> dialogues, RoomHabit habit, int live, int people, int seed)
    {
        var chance = new Random(seed);
        var waiting = new Queue<int>(Shuffled(Enumerable.Range(0, dialogues.Count), chance));
        var running = new List<Dialogue>();
        var clock = 0.0;
        var lines = new List<ChatLine>();
        var conversations = new List<int>();
        while (waiting.Count > 0 || running.Count > 0)
        {
            while (waiting.Count > 0 && running.Count < live)
            {
                var number = waiting.Dequeue();
                var speakers = habit == RoomHabit.Bursts && chance.Next(2) == 0 ? 3 : 2;
                var who = Shuffled(Enumerable.Range(0, people), chance).Take(speakers).ToArray();
                var texts = habit == RoomHabit.Bursts ? dialogues[number].SelectMany(text => Halved(text, chance)) : dialogues[number].Select(text => (text, false));
                running.Add(new Dialogue(number, [.. texts], who, clock + Between(chance, 0, 90)));
            }

            var turn = running.MinBy(dialogue => dialogue.Due)!;
            clock = turn.Due;
            var (text, goesOn) = turn.Lines[turn.At];
            if (!goesOn)
                turn.TakeTurn(habit, chance);
            if (turn.At > 0 && !goesOn && chance.NextDouble() < (habit == RoomHabit.Turns ? 1.0 / 6 : 1.0 / 8))
                text = $"@{People[turn.Listener]} {text}";
            lines.Add(new ChatLine($"u{turn.Speaker}", People[turn.Speaker], text, Start.AddSeconds(clock)));
            conversations.Add(turn.Number);
            turn.At++;
            if (turn.At == turn.Lines.Count)
                running.Remove(turn);
            else
                turn.Due = clock + Gap(habit, turn.Lines[turn.At].GoesOn, chance);
        }

        return new MadeRoom(lines, conversations);
    }

    /// <summary>Splits an utterance into two messages if it has enough words.</summary>
    private static IEnumerable<(string Text, bool GoesOn)> Halved(string text, Random chance)
    {
        var words = text.Split(' ');
        if (words.Length < 4 || chance.NextDouble() > 0.35)
            return [(text, false)];
        var cut = words.Length / 2;
        return [(string.Join(' ', words[..cut]), false), (string.Join(' ', words[cut..]), true)];
    }

    private static double Gap(RoomHabit habit, bool goesOn, Random chance) => habit switch
    {
        RoomHabit.Turns => chance.NextDouble() < 0.07 ? Between(chance, 120, 1200) : Between(chance, 5, 60),
        RoomHabit.Bursts when goesOn => Between(chance, 1, 6),
        // Mostly quick, now and then long: a log-normal gap, median 18 s.
        RoomHabit.Bursts => Math.Min(1800, 18 * Math.Exp(1.2 * Math.Sqrt(-2 * Math.Log(1 - chance.NextDouble())) * Math.Cos(2 * Math.PI * chance.NextDouble()))),
    };

    private static double Between(Random chance, double low, double high) => low + ((high - low) * chance.NextDouble());

    private static List<int> Shuffled(IEnumerable<int> items, Random chance)
    {
        var list = items.ToArray();
        chance.Shuffle(list);
        return [.. list];
    }

    private sealed class Dialogue(int number, List<(string Text, bool GoesOn)> lines, int[] who, double due)
    {
        public int Number => number;

        public List<(string Text, bool GoesOn)> Lines => lines;

        public int At { get; set; }

        public double Due { get; set; } = due;

        public int Speaker { get; private set; } = who[^1];

        public int Listener { get; private set; } = who[0];

        public void TakeTurn(RoomHabit habit, Random chance)
        {
            var next = habit == RoomHabit.Turns || who.Length == 2 ? who[At == 0 ? 0 : (Array.IndexOf(who, Speaker) + 1) % 2] : Shuffled(who.Where(person => person != Speaker), chance)[0];
            Listener = At == 0 ? who[1] : Speaker;
            Speaker = next;
        }
    }
}
