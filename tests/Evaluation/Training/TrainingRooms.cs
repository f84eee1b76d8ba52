namespace AIChat.Evaluation.Training;

/// <summary>The rooms that weights are made of: only of data that allow it (docs/topics.md, Data).</summary>
internal static class TrainingRooms
{
    /// <summary>Reads and makes them; every tenth log is held out, and so are the dialogues of every tenth busy room.</summary>
    public static (List<LabelledRoom> Rooms, List<LabelledRoom> HeldOut) Read(string data, int seed, double share)
    {
        var logs = LabelledRoom.ReadIrc(Path.Combine(data, "irc/train"));
        logs = [.. logs.Take((int)Math.Ceiling(share * logs.Count))];
        var known = logs.Where((_, i) => i % 10 != 9).ToList();
        var heldOut = logs.Where((_, i) => i % 10 == 9).ToList();
        var rooms = new List<LabelledRoom>();
        foreach (var (room, i) in known.Select((room, i) => (room, i)))
        {
            var chance = new Random((seed * 1000) + i);
            rooms.Add(room);
            rooms.Add(room.WithFewerNames(1, seed).WithTimes(1, seed + i));
            if (i % 2 == 0)
                rooms.Add(room.WithFewerNames(chance.NextDouble(), seed).WithTimes(Math.Exp(chance.NextDouble() * 2), seed + i));
        }

        rooms.AddRange(Busy(Dialogue.OfIrc(known), 60, seed + 100, 40, share));
        rooms.AddRange(Busy(Dialogue.OfTiage(Path.Combine(data, "tiage/anno_train.json")), 30, seed + 300, 24, share));
        rooms.AddRange(Busy(Dialogue.OfQuestions(Path.Combine(data, "chatbot-ko/ChatbotData.csv"), seed), 60, seed + 500, 40, share));
        var unseen = new List<LabelledRoom>();
        unseen.AddRange(heldOut);
        unseen.AddRange(heldOut.Select(room => room.WithFewerNames(1, seed)));
        unseen.AddRange(Busy(Dialogue.OfIrc(heldOut), 60, seed + 900, 4, 1));
        unseen.AddRange(Busy(Dialogue.OfTiage(Path.Combine(data, "tiage/anno_dev.json")), 30, seed + 910, 4, 1));
        return (rooms, unseen);
    }

    private static IEnumerable<LabelledRoom> Busy(List<Dialogue> dialogues, int each, int seed, int count, double share)
    {
        for (var room = 0; room < Math.Ceiling(share * count); room++)
        {
            var chance = new Random(seed + room);
            var some = dialogues.ToArray();
            chance.Shuffle(some);
            yield return BusyRoom.Make(some[..Math.Min(each, some.Length)], seed + room);
        }
    }
}
