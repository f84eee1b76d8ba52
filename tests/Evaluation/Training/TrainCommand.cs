using System.CommandLine;
using System.Diagnostics;
using AIChat.Evaluation.Commands;
using AIChat.Infrastructure.Topics.Linking;
using TorchSharp;

namespace AIChat.Evaluation.Training;

/// <summary>Makes the weights of the link scorer and of the chooser among conversations, the same ones every time.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var data = Options.Data();
        var output = new Option<FileInfo>("--out") { Description = "The file of weights to write.", Required = true };
        var seed = new Option<int>("--seed") { Description = "Of everything that is drawn.", DefaultValueFactory = _ => 1 };
        var networks = new Option<int>("--networks") { Description = "Networks that are averaged; each learns from all rooms but its share.", DefaultValueFactory = _ => 3 };
        var epochs = new Option<int>("--epochs") { Description = "How often each network sees its rooms.", DefaultValueFactory = _ => 6 };
        var rooms = new Option<double>("--share") { Description = "Share of the rooms to learn from, for a quick try.", DefaultValueFactory = _ => 1 };
        var given = new Option<FileInfo?>("--links") { Description = "Take the link scorer from this file of weights instead of training it." };
        var command = new Command("train", "Trains the scorers of src/Infrastructure/Topics/Linking.") { data, output, seed, networks, epochs, rooms, given };
        command.SetAction((result, _) =>
        {
            Run(result.GetRequiredValue(data).FullName, result.GetRequiredValue(output), result.GetValue(seed), result.GetValue(networks), result.GetValue(epochs), result.GetValue(rooms), result.GetValue(given));
            return Task.CompletedTask;
        });
        return command;
    }

    /// <summary>Choosing among conversations is learned from one room in so many: it has few weights.</summary>
    private const int Fewer = 4;

    private static void Run(string data, FileInfo output, int seed, int networks, int epochs, double share, FileInfo? given)
    {
        torch.set_num_threads(1);
        var watch = Stopwatch.StartNew();
        var (rooms, heldOut) = TrainingRooms.Read(data, seed, share);
        var folds = Enumerable.Range(0, networks).Select(fold => rooms.Where((_, i) => i % networks == fold).ToList()).ToList();
        Say($"{rooms.Count} rooms to learn from, {heldOut.Count} held out");
        var links = given is null ? TrainLinks(folds, heldOut, seed, networks, epochs, Say) : LinksOf(given);
        var linkModel = new LinkModel(new BinaryReader(new MemoryStream(links)));
        var quiet = TrainingRooms.ReadQuiet(data, seed + 2000, (int)Math.Ceiling(share * 600));
        for (var fold = 0; fold < networks; fold++)
            folds[fold] = [.. folds[fold].Where((_, i) => i % Fewer == 0), .. quiet.Where((_, i) => i % networks == fold)];
        // Conversations as people see them, then as they come out by what was learned of those; candidates are weighed by a network that never saw the room.
        TalkModel? talks = null;
        byte[] talkBytes = [];
        var choices = new List<TalkSample>();
        for (var round = 0; round < 2; round++)
        {
            var made = folds.SelectMany((fold, number) => fold.SelectMany((room, i) => TalkSample.Of(room, new LinkWeights(linkModel.Only(number), talks), round == 0 ? 0.1 : 1, seed + i)));
            choices.AddRange(made);
            Say($"{choices.Count} choices among conversations");
            using var stream = new MemoryStream();
            using var writer = new BinaryWriter(stream);
            writer.Write(networks);
            for (var network = 0; network < networks; network++)
            {
                using var trainer = new TalkTrainer(TalkFeatures.Count, seed + network);
                trainer.Train(choices, 4, seed + network, (epoch, loss) => Say($"conversations {round}.{network}, epoch {epoch}: {loss:F4}"));
                trainer.Write(writer);
            }

            talkBytes = stream.ToArray();
            talks = new TalkModel(new BinaryReader(new MemoryStream(talkBytes)));
        }

        var looks = folds.SelectMany((fold, number) => fold.SelectMany((room, i) => SecondSamples.Of(room, new LinkWeights(linkModel.Only(number), talks), seed + i))).ToList();
        Say($"{looks.Count} second looks");
        using var seconds = new MemoryStream();
        using var secondWriter = new BinaryWriter(seconds);
        secondWriter.Write(networks);
        for (var network = 0; network < networks; network++)
        {
            using var trainer = new TalkTrainer(SecondFeatures.Count, seed + network);
            trainer.Train(looks, 4, seed + network, (epoch, loss) => Say($"second looks {network}, epoch {epoch}: {loss:F4}"));
            trainer.Write(secondWriter);
        }

        Save(output, links, talkBytes, seconds.ToArray());

        void Say(string what) => Console.WriteLine($"{watch.Elapsed:mm\\:ss} {what}");
    }

    private static byte[] TrainLinks(List<List<LabelledRoom>> folds, List<LabelledRoom> heldOut, int seed, int networks, int epochs, Action<string> say)
    {
        var samples = folds.ConvertAll(fold => fold.SelectMany(Sample.Of).ToList());
        var unseen = heldOut.SelectMany(Sample.Of).ToList();
        say($"{samples.Sum(fold => fold.Count)} lines to learn from, {unseen.Count} held out");
        using var links = new MemoryStream();
        using var writer = new BinaryWriter(links);
        writer.Write(networks);
        for (var network = 0; network < networks; network++)
        {
            using var trainer = new LinkTrainer(seed + network);
            var seen = samples.Where((_, fold) => networks == 1 || fold != network).SelectMany(fold => fold).ToList();
            trainer.Train(seen, epochs, seed + network, (epoch, loss) => say($"links {network}, epoch {epoch}: {loss:F4}"));
            var (heldOutLoss, right) = trainer.Validate(unseen);
            say($"links {network}: held out {heldOutLoss:F4}, {right:P1} right");
            trainer.Write(writer);
        }

        return links.ToArray();
    }

    private static byte[] LinksOf(FileInfo weights)
    {
        var bytes = File.ReadAllBytes(weights.FullName);
        using var stream = new MemoryStream(bytes);
        using var reader = new BinaryReader(stream);
        _ = reader.ReadInt32();
        _ = new LinkModel(reader);
        return bytes[sizeof(int)..(int)stream.Position];
    }

    private static void Save(FileInfo output, byte[] links, byte[] talks, byte[] seconds)
    {
        using var file = new BinaryWriter(output.Create());
        file.Write(1);
        file.Write(links);
        file.Write(talks);
        file.Write(seconds);
    }
}
