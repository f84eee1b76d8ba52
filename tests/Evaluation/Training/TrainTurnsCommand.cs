using System.CommandLine;
using System.Diagnostics;
using AIChat.Evaluation.Commands;
using AIChat.Infrastructure.Topics.Tensors;
using AIChat.Infrastructure.Topics.Turns;
using TorchSharp;

namespace AIChat.Evaluation.Training;

/// <summary>Trains the weights of <see cref="TurnModel"/>; deterministic. Each network learns from all talks but its share, which tells what thresholds are good for.</summary>
internal static class TrainTurnsCommand
{
    public static Command Create()
    {
        var data = Options.Data();
        var written = new Option<DirectoryInfo>("--written") { Description = "The written rooms to learn from.", Required = true };
        var output = new Option<FileInfo>("--out") { Description = "The file of weights to write.", Required = true };
        var seed = new Option<int>("--seed") { Description = "Of everything that is drawn.", DefaultValueFactory = _ => 1 };
        var networks = new Option<int>("--networks") { Description = "Networks that are averaged.", DefaultValueFactory = _ => 5 };
        var epochs = new Option<int>("--epochs") { Description = "How often each network sees its talks.", DefaultValueFactory = _ => 8 };
        var models = new Option<DirectoryInfo[]>("--models") { Description = "Sentence encoders' folders: each talk is learned from without embeddings and with those of one encoder, TIAGE's with those of each.", AllowMultipleArgumentsPerToken = true };
        var command = new Command("train-turns", "Trains the scorer of src/Infrastructure/Topics/Turns.") { data, written, output, seed, networks, epochs, models };
        command.SetAction(result => Run(
            result.GetRequiredValue(data).FullName, result.GetRequiredValue(written).FullName, result.GetRequiredValue(output), result.GetValue(seed), result.GetValue(networks), result.GetValue(epochs), [.. result.GetValue(models)!.Select(folder => folder.FullName)]));
        return command;
    }

    private static void Run(string data, string written, FileInfo output, int seed, int networks, int epochs, string[] models)
    {
        torch.set_num_threads(1);
        var watch = Stopwatch.StartNew();
        var dialogues = TurnTalk.OfTiage(Path.Combine(data, "tiage/anno_train.json"));
        List<TurnTalk> talks = [.. dialogues, .. TurnTalk.Joined(dialogues, networks, seed), .. TurnTalk.OfRooms(data, written, seed)];
        Say($"{talks.Count(talk => talk.IsFine)} talks with every turn marked, {talks.Count(talk => !talk.IsFine && talk.Begins.Contains(true))} joined, {talks.Count(talk => !talk.Begins.Contains(true))} whole");
        var samples = talks.ConvertAll(talk => new TurnSample(talk, -1, TurnFeatures.Of(talk.Lines)));
        for (var model = 0; model < models.Length; model++)
        {
            // A fixed precision: a measured one could give other weights.
            using var embeddings = new LineEmbeddings(models[model], Precision.UnmeasuredBF16);
            var number = model;
            samples.AddRange(talks.Where(talk => talk.IsFine || talk.Fold / networks % models.Length == number).Select(talk => new TurnSample(talk, number, TurnFeatures.Of(embeddings.Fill(talk.Lines)))));
            Say(embeddings.Choice);
        }

        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write(1);
        writer.Write(networks);
        for (var network = 0; network < networks; network++)
        {
            using var trainer = new TurnTrainer(seed + network);
            trainer.Train([.. samples.Where(sample => networks == 1 || sample.Talk.Fold % networks != network)], epochs, seed + network, (epoch, loss) => Say($"network {network}, epoch {epoch}: {loss:F4}"));
            trainer.Write(writer);
        }

        File.WriteAllBytes(output.FullName, file.ToArray());
        file.Position = 0;
        var trained = TurnModel.Read(file);
        for (var encoder = -1; encoder < models.Length; encoder++)
            ReportUnseen([.. samples.Where(sample => sample.Encoder == encoder)], trained, networks, $"{(encoder < 0 ? "n-grams" : Path.GetFileName(models[encoder])),-28}");

        void Say(string what) => Console.WriteLine($"{watch.Elapsed:mm\\:ss} {what}");
    }

    /// <summary>Tries each network on the talks that it has not seen.</summary>
    private static void ReportUnseen(List<TurnSample> samples, TurnModel trained, int networks, string name)
    {
        var turns = new List<(float Odds, bool Right)>();
        var (joined, whole) = (new List<(float Odds, bool Right)>(), new List<float>());
        foreach (var sample in samples)
        {
            var model = trained.Only(sample.Talk.Fold % networks);
            if (sample.Talk.IsFine)
                turns.AddRange(model.Score(sample.Rows).Turns.Select((odds, gap) => (odds, sample.Talk.Begins[gap + 1])));
            else
            {
                var (at, odds) = DriftDetector.Surest(model.Score(sample.Rows).Seams);
                if (sample.Talk.Begins.Contains(true))
                    joined.Add((odds, Enumerable.Range(at - 1, 3).Any(line => sample.Talk.Begins[line])));
                else
                    whole.Add(odds);
            }
        }

        var (threshold, f1) = BestF1(turns);
        Console.WriteLine($"{name} turns: F1 {f1:P1} at {threshold:F2}; " + string.Join(", ", new[] { -1.2f, -1f, -0.8f, -0.6f, -0.4f }.Select(at => $"{F1(turns, at):P1} at {at}")));
        foreach (var share in new[] { 0.02, 0.04, 0.06, 0.08 })
        {
            var at = whole.OrderDescending().ElementAt((int)(share * whole.Count));
            var offers = joined.Where(one => one.Odds > at).ToList();
            Console.WriteLine($"{name} offered a split at {at:F2}: whole {share:P0}; joined: precision {offers.Count(one => one.Right) / (double)offers.Count:P1}, recall {offers.Count(one => one.Right) / (double)joined.Count:P1}");
        }
    }

    private static (float Threshold, double F1) BestF1(List<(float Odds, bool Right)> gaps)
        => gaps.Select(gap => gap.Odds).Distinct().Select(threshold => (threshold, F1(gaps, threshold))).MaxBy(one => one.Item2);

    private static double F1(List<(float Odds, bool Right)> gaps, float threshold)
    {
        var (right, found) = (0, 0);
        foreach (var (odds, turns) in gaps)
        {
            found += odds >= threshold ? 1 : 0;
            right += odds >= threshold && turns ? 1 : 0;
        }

        return 2.0 * right / (found + gaps.Count(gap => gap.Right));
    }
}
