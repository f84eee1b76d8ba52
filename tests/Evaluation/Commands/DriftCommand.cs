using System.CommandLine;
using System.Text.Json;
using AIChat.Domain.Topics;
using AIChat.Evaluation.Rooms;
using AIChat.Evaluation.Scoring;
using AIChat.Evaluation.Training;
using AIChat.Infrastructure.Topics.Turns;

namespace AIChat.Evaluation.Commands;

/// <summary>Scores the drift detector: offers at the seam of two concatenated conversations, offers in whole ones, and the turns that it finds in talks whose every turn is annotated.</summary>
internal static class DriftCommand
{
    private const int Long = 12;

    private static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Thresholds of an offer that are tried on the halves to tune on.</summary>
    private static readonly float[] Tried = [0.8f, 1f, 1.2f, 2f];

    public static Command Create()
    {
        var data = Options.Data();
        var report = new Option<bool>("--report") { Description = "The halves to report on; without it, those to tune on, with several thresholds." };
        var model = Options.Model();
        var weights = Options.Weights();
        var command = new Command("drift", "Scores offers to split conversations.") { data, report, model, weights };
        command.SetAction(result =>
        {
            using var embeddings = result.GetValue(model) is { } folder ? new LineEmbeddings(folder.FullName) : null;
            using var file = result.GetValue(weights)?.OpenRead();
            Run(result.GetRequiredValue(data).FullName, result.GetValue(report), file is null ? new DriftDetector() : new DriftDetector(TurnModel.Read(file)), embeddings);
        });
        return command;
    }

    private static void Run(string root, bool odd, DriftDetector detector, LineEmbeddings? embeddings)
    {
        Console.WriteLine($"{"",-42}{"talks",7}{"offers",8}{"at the seam",13}{"precision",11}{"recall",8}   by chance");
        float[] thresholds = odd ? [DriftDetector.OfferThreshold] : [DriftDetector.OfferThreshold, .. Tried];
        foreach (var (name, all) in Talks(root, odd))
        {
            var glued = Glued([.. all.Where(lines => lines.Count >= Long / 2)], detector, embeddings);
            var whole = all.Where(lines => lines.Count >= Long).Select(lines => detector.Surest(Said(lines, embeddings)).Odds).ToList();
            foreach (var threshold in thresholds)
            {
                var at = odd ? "" : $" at {threshold}";
                var offers = glued.Where(talk => talk.Odds >= threshold).ToList();
                var right = offers.Count(talk => talk.Right);
                Console.WriteLine($"{name + ", two glued" + at,-42}{glued.Count,7}{offers.Count,8}{right,13}{(double)right / Math.Max(1, offers.Count),11:P1}{(double)right / glued.Count,8:P1}   {glued.Average(talk => talk.Chance):P1}");
                var offered = whole.Count(odds => odds >= threshold);
                Console.WriteLine($"{"the same, whole ones of 12 lines and more",-42}{whole.Count,7}{offered,8}{"",13}{(double)offered / whole.Count,11:P1} of them were offered a split");
            }
        }

        Speed(detector, Talks(root, odd).First().Talks);
        Turns(Path.Combine(root, odd ? "tiage/anno_dev.json" : "tiage/anno_train.json"), detector, embeddings);
    }

    private static IEnumerable<(string Name, List<List<string>> Talks)> Talks(string root, bool odd)
    {
        yield return ("Korean dialogues, smilestyle", [.. RoomMaker.ReadDialogues(Path.Combine(root, "smilestyle/dialogues.dev.tsv"), "informal").Where((_, i) => i % 2 == (odd ? 1 : 0))]);
        yield return ("English dialogues, dialogsum", [.. File.ReadLines(Path.Combine(root, "dialogsum/dialogsum.dev.jsonl")).Where((_, i) => i % 2 == (odd ? 1 : 0))
            .Select(line => JsonElement.Parse(line).GetProperty("dialogue").GetString()!.Split('\n').Select(turn => turn[(turn.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()).ToList())]);
        yield return ("conversations of Ubuntu IRC", [.. LabelledRoom.ReadIrc(Path.Combine(root, odd ? "irc/dev" : "irc/train")).Where((_, i) => odd || TurnTalk.IsHeldOut(i)).SelectMany(room => Enumerable.Range(0, room.Lines.Count)
            .Where(line => room.Conversations[line] >= 0).GroupBy(line => room.Conversations[line]).Select(talk => talk.Select(line => room.Lines[line].Content).ToList()))]);
    }

    /// <summary>Concatenates each conversation and the next one; an offer is right within one line of the seam.</summary>
    private static List<(float Odds, bool Right, double Chance)> Glued(List<List<string>> talks, DriftDetector detector, LineEmbeddings? embeddings)
        => [.. talks.Select((first, i) =>
        {
            var second = talks[(i + 1) % talks.Count];
            var (line, odds) = detector.Surest(Said([.. first, .. second], embeddings));
            return (odds, Math.Abs(line - first.Count) <= 1, 3.0 / (first.Count + second.Count));
        })];

    /// <summary>Every turn of these dialogues is annotated. The detector finds all of them, with one line's precision; it offers a split at one of them at most, give or take a line.</summary>
    private static void Turns(string path, DriftDetector detector, LineEmbeddings? embeddings)
    {
        var talks = TurnTalk.OfTiage(path).ConvertAll(talk => talk with { Lines = embeddings?.Fill(talk.Lines) ?? talk.Lines });
        var (offers, right) = (0, 0);
        var score = TurnScore.Of(talks, detector);
        foreach (var talk in talks)
        {
            if (detector.Find(talk.Lines) is not { } offer)
                continue;
            offers++;
            right += Near(talk, offer) ? 1 : 0;
        }

        var chance = talks.Sum(talk => Enumerable.Range(1, talk.Lines.Count - 1).Count(gap => Near(talk, gap))) / (double)talks.Sum(talk => talk.Lines.Count - 1);
        Console.WriteLine($"{"TIAGE, any marked turn",-42}{talks.Count,7}{offers,8}{right,13}{(double)right / Math.Max(1, offers),11:P1}{"",8}   {chance:P1}");
        Console.WriteLine($"TIAGE, all turns: {score}");

        static bool Near(TurnTalk talk, int gap) => Enumerable.Range(gap - 1, 3).Any(line => line < talk.Lines.Count && talk.Begins[line]);
    }

    private static void Speed(DriftDetector detector, List<List<string>> talks)
    {
        const int times = 50;
        var lines = Said([.. talks.SelectMany(talk => talk).Take(200)], null);
        detector.Find(lines);
        var before = Environment.CpuUsage.UserTime;
        for (var time = 0; time < times; time++)
            detector.Find(lines);
        Console.WriteLine($"{lines.Count} lines: {(Environment.CpuUsage.UserTime - before).TotalMilliseconds / times:F1} ms of CPU");
    }

    private static IReadOnlyList<ChatLine> Said(IReadOnlyList<string> texts, LineEmbeddings? embeddings)
    {
        var lines = texts.Select((line, i) => new ChatLine("p" + (i % 2), "p" + (i % 2), line, Start.AddMinutes(i))).ToList();
        return embeddings?.Fill(lines) ?? lines;
    }
}
