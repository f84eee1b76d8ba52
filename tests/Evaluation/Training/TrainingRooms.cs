using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Linking;
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

    /// <summary>Gives each room the embeddings of one of the encoders, or, with a probability, none, so that the weights serve any encoder and none.</summary>
    public static List<LabelledRoom> WithEmbeddings(List<LabelledRoom> rooms, string[] models, int seed, Action<string> say, double without = 0.4)
    {
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

    /// <summary>The written rooms, with names and without, and rooms spliced of their dialogues and of others.</summary>
    public static List<LabelledRoom> Written(string data, int seed, double share, string[] models, Action<string> say)
    {
        var written = WrittenRoom.Read("learn");
        var own = written.SelectMany(Dialogue.OfWritten).ToList();
        List<Dialogue> all = [.. own, .. Dialogue.OfLivechat(Path.Combine(data, "livechat")), .. Dialogue.OfQuestions(Path.Combine(data, "chatbot-ko/ChatbotData.csv"), seed), .. Dialogue.OfTiage(Path.Combine(data, "tiage/anno_train.json"))];
        List<LabelledRoom> rooms =
        [
            .. written,
            .. written.Select(room => room.WithFewerNames(1, seed)),
            .. Enumerable.Range(0, (int)Math.Ceiling(share * 30)).Select(room => SplicedRoom.Make(own, seed + 5000 + room)),
            .. Enumerable.Range(0, (int)Math.Ceiling(share * 50)).Select(room => SplicedRoom.Make(all, seed + 6000 + room)),
        ];
        return WithEmbeddings(rooms, models, seed + 2, say);
    }

    /// <summary>The rooms that <see cref="WindowClustering"/> learns from: written and spliced ones, busy rooms, and logs, half of the latter without names.</summary>
    public static List<LabelledRoom> Windows(string data, int seed, double share)
    {
        var written = WrittenRoom.Read("learn");
        var logs = LabelledRoom.ReadIrc(Path.Combine(data, "irc/train")).Where((_, i) => i % 10 != 9).ToList();
        var own = written.SelectMany(Dialogue.OfWritten).ToList();
        List<Dialogue> questions = Dialogue.OfQuestions(Path.Combine(data, "chatbot-ko/ChatbotData.csv"), seed), talks = Dialogue.OfTiage(Path.Combine(data, "tiage/anno_train.json")), irc = Dialogue.OfIrc(logs);
        var live = Dialogue.OfLivechat(Path.Combine(data, "livechat"));
        List<Dialogue> all = [.. own, .. live, .. questions, .. talks, .. irc];
        const float writtenWeight = 3;
        var ofFold = logs.FindAll(room => room.Fold == 0);
        return
        [
            .. written.Select(room => room with { Weight = writtenWeight }),
            .. written.Select(room => room.WithFewerNames(1, seed) with { Weight = writtenWeight }),
            .. Enumerable.Range(0, Share(30)).Select(room => SplicedRoom.Make(own, seed + 2000 + room)),
            .. SplicedOf(3000, 60),
            .. Busy(questions, 40, seed + 700, 14, share),
            .. Busy(talks, 30, seed + 720, 8, share),
            .. Busy(irc, 40, seed + 740, 10, share),
            .. Enumerable.Range(0, 20).Select(room => Flood(own, seed + room)),
            .. Slow(SplicedOf(4000, 30)),
            .. Slow(Busy([.. irc, .. live.Select(WithoutNames)], 60, seed + 760, 24, share)),
            .. ofFold.Where((_, i) => i % 2 == 0).Take(Share(35)),
            .. ofFold.Where((_, i) => i % 2 == 1).Take(Share(35)).Select((room, i) => room.WithFewerNames(1, seed).WithTimes(1, seed + i)),
        ];

        int Share(int count) => (int)Math.Ceiling(share * count);

        IEnumerable<LabelledRoom> SplicedOf(int first, int count) => Enumerable.Range(0, Share(count)).Select(room => SplicedRoom.Make(all, seed + first + room));

        // The same line again and again, by one person or by many.
        static LabelledRoom Flood(List<Dialogue> dialogues, int seed)
        {
            var chance = new Random(seed);
            var (text, people, gap) = (SpokenNames.Strip(dialogues[chance.Next(dialogues.Count)].Lines[0].Text), chance.Next(3) == 0 ? 40 : 1, 1 + (20 * chance.NextDouble()));
            var lines = Enumerable.Range(0, 60 + chance.Next(240)).Select(i => new ChatLine("p" + (i % people), "p" + (i % people), text, new DateTimeOffset(2026, 3, 2, 7, 0, 0, TimeSpan.Zero).AddSeconds(i * gap)));
            return LabelledRoom.OfConversations($"flood {seed}", [.. lines], [.. lines.Select(_ => 0)]);
        }

        static Dialogue WithoutNames(Dialogue dialogue) => dialogue with { Lines = [.. dialogue.Lines.Select(line => (line.Who, SpokenNames.Strip(line.Text) is { Length: > 0 } text ? text : "?", line.Wait))], HasPlaceholders = false };

        // As slow as a mailing list: up to weeks for a few hundred lines.
        IEnumerable<LabelledRoom> Slow(IEnumerable<LabelledRoom> rooms) => rooms.Select((room, i) => room.WithTimes(Math.Exp(1 + (4 * new Random(seed + i).NextDouble())), seed + i));
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
