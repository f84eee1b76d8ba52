using AIChat.Infrastructure.Topics.Linking;

namespace AIChat.Evaluation.Training;

/// <summary>Trains the two networks of <see cref="WindowClustering"/>.</summary>
internal sealed class WindowTrainer(int seed, int epochs, Action<string> say)
{
    private const int Folds = 2;

    /// <summary>Longest window that is taken from a room, in lines.</summary>
    private const int Longest = 1_500;

    /// <summary>A room as the linker leaves it, with the annotated conversation of each scored line.</summary>
    private sealed record Window(WindowPairs Pairs, int[] Conversations, float Weight);

    /// <summary>Trains the networks for windows without embeddings and for windows with them.</summary>
    public byte[] TrainBoth(string data, double share, string[] models, Func<LabelledRoom, LinkWeights> weights)
    {
        var rooms = TrainingRooms.Windows(data, seed, share);
        return [.. Train(rooms, weights), .. Train(TrainingRooms.WithEmbeddings([.. rooms], models, seed + 1, say, without: 0), weights)];
    }

    /// <param name="rooms">Annotated rooms.</param>
    /// <param name="weights">The networks of the linker for a room; they did not learn from it.</param>
    /// <returns>The two networks in the format of <see cref="PairScorer"/>.</returns>
    private byte[] Train(IReadOnlyList<LabelledRoom> rooms, Func<LabelledRoom, LinkWeights> weights)
    {
        var chance = new Random(seed + 5);
        var windows = rooms.SelectMany(room => (LabelledRoom[])[room, .. Slices(room, chance)]).Select(room => WindowOf(room, weights(room))).ToList();
        say($"{windows.Count} windows of {windows.Sum(window => window.Pairs.Count)} lines");
        // The second network learns from log-odds of networks that did not see the room.
        var odds = new float[windows.Count][][];
        for (var fold = 0; fold < Folds; fold++)
        {
            var scorer = Read(First(windows.Where((_, i) => i % Folds != fold), $"first pass, fold {fold}"));
            for (var i = fold; i < windows.Count; i += Folds)
            {
                var pairs = windows[i].Pairs;
                odds[i] = scorer.Score(pairs, (at, rows) => pairs.FillPairs(at, rows), default);
            }
        }

        var first = First(windows, "first pass");
        var samples = new PairSamples(WindowClustering.OfPair);
        for (var i = 0; i < windows.Count; i++)
        {
            var (pairs, conversations, weight) = windows[i];
            var free = Enumerable.Repeat(-1, pairs.Count).ToArray();
            var contexts = WindowClustering.Contexts(pairs, odds[i], free, free);
            samples.Add(pairs, conversations, (at, rows) => WindowClustering.FillSecond(pairs, contexts, at, rows), chance, weight);
        }

        return [.. first, .. Network(samples, "second pass")];
    }

    private static PairScorer Read(byte[] network) => new(new BinaryReader(new MemoryStream(network)));

    private byte[] First(IEnumerable<Window> windows, string name)
    {
        var samples = new PairSamples(WindowPairs.OfPair);
        var chance = new Random(seed + 6);
        foreach (var (pairs, conversations, weight) in windows)
            samples.Add(pairs, conversations, (at, rows) => pairs.FillPairs(at, rows), chance, weight);
        return Network(samples, name);
    }

    private byte[] Network(PairSamples samples, string name)
    {
        using var trainer = new PairTrainer(samples.Width, seed);
        trainer.Train(samples, epochs, seed, (epoch, loss) => say($"{name}, {samples.Count} pairs, epoch {epoch}: {loss:F4}"));
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        trainer.Write(writer);
        return stream.ToArray();
    }

    /// <summary>Short windows of a room, because a room that has just begun is one.</summary>
    private static IEnumerable<LabelledRoom> Slices(LabelledRoom room, Random chance)
    {
        const int slices = 4, shortest = 2, longest = 40;
        for (var slice = 0; slice < slices; slice++)
        {
            var length = Math.Min(room.Lines.Count, (int)(shortest * Math.Exp(chance.NextDouble() * Math.Log(longest / (double)shortest))));
            var from = chance.Next(room.Lines.Count - length + 1);
            yield return room with { Lines = [.. room.Lines.Skip(from).Take(length)], Answered = room.Answered[from..(from + length)], Conversations = room.Conversations[from..(from + length)] };
        }
    }

    private static Window WindowOf(LabelledRoom room, LinkWeights weights)
    {
        var linker = new LearnedLinker(weights);
        var lines = new List<ScoredLine>();
        foreach (var line in room.Lines)
        {
            linker.Link(line);
            if (linker.LastScored() is { } scored)
                lines.Add(scored);
        }

        // An annotated log begins with lines that nobody judged.
        lines = lines[Math.Max(0, lines.Count - Longest)..];
        return new Window(new WindowPairs(lines), [.. lines.Select(line => room.Conversations[line.Observed.Index])], room.Weight);
    }
}
