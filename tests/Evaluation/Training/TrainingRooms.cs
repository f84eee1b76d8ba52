using AIChat.Infrastructure.Topics.Tensors;

namespace AIChat.Evaluation.Training;

/// <summary>The rooms that weights are trained on, from data whose licences allow it (docs/topics.md, Data).</summary>
internal static class TrainingRooms
{
    /// <summary>Reads the logs and makes busy rooms. Every tenth log is held out; the held-out busy rooms are of its dialogues and of TIAGE's dev set.</summary>
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

    /// <summary>Gives three rooms of five, drawn at random, the embeddings of one of the encoders each, so that the weights serve any encoder and none.</summary>
    public static List<LabelledRoom> WithEmbeddings(List<LabelledRoom> rooms, string[] models, int seed, Action<string> say)
    {
        const double without = 0.4;
        var chance = new Random(seed + 70);
        var drawn = rooms.ConvertAll(_ => models.Length == 0 || chance.NextDouble() < without ? -1 : chance.Next(models.Length));
        for (var model = 0; model < models.Length; model++)
        {
            // A fixed precision: a measured one could give other weights.
            using var embeddings = new LineEmbeddings(models[model], Precision.UnmeasuredBF16);
            say(embeddings.Choice);
            for (var room = 0; room < rooms.Count; room++)
            {
                // From 300 lines before the first annotated line on: its candidates, and enough lines for the room's mean.
                var first = Array.FindIndex(rooms[room].Answered, answered => answered is not null);
                if (drawn[room] == model)
                    rooms[room] = rooms[room] with { Lines = embeddings.Fill(rooms[room].Lines, Math.Max(0, first - 300)) };
            }

            say($"vectors for {drawn.Count(one => one == model)} rooms");
        }

        return rooms;
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
