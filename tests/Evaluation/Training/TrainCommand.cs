using System.CommandLine;
using System.Diagnostics;
using AIChat.Evaluation.Commands;
using AIChat.Infrastructure.Topics.Linking;
using TorchSharp;

namespace AIChat.Evaluation.Training;

/// <summary>Trains the weights of the link model, the conversation scorer and the refinement scorer; deterministic.</summary>
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
        var models = new Option<DirectoryInfo[]>("--models") { Description = "Sentence encoders' folders: two rooms of five stay without vectors, the others have one encoder's.", AllowMultipleArgumentsPerToken = true };
        var command = new Command("train", "Trains the scorers of src/Infrastructure/Topics/Linking.") { data, output, seed, networks, epochs, rooms, models };
        command.SetAction(result => Run(
            result.GetRequiredValue(data).FullName, result.GetRequiredValue(output), result.GetValue(seed), result.GetValue(networks), result.GetValue(epochs), result.GetValue(rooms), [.. result.GetValue(models)!.Select(folder => folder.FullName)]));
        return command;
    }

    /// <summary>Each step after the link model learns from one room in so many, a different one for each step, because those scorers have few weights.</summary>
    private const int RoomsPerStep = 3;

    private static void Run(string data, FileInfo output, int seed, int networks, int epochs, double share, string[] models)
    {
        torch.set_num_threads(1);
        var watch = Stopwatch.StartNew();
        var (rooms, heldOut) = TrainingRooms.Read(data, seed, share);
        rooms = TrainingRooms.WithEmbeddings(rooms, models, seed, Say);
        var folds = Enumerable.Range(0, networks).Select(fold => rooms.Where((_, i) => i % networks == fold).ToList()).ToList();
        Say($"{rooms.Count} rooms to learn from, {heldOut.Count} held out");
        var samples = folds.ConvertAll(fold => fold.SelectMany(LinkSample.Of).ToList());
        var unseen = heldOut.SelectMany(LinkSample.Of).ToList();
        Say($"{samples.Sum(fold => fold.Count)} lines to learn from, {unseen.Count} held out");

        using var links = new MemoryStream();
        using var linkWriter = new BinaryWriter(links);
        linkWriter.Write(networks);
        for (var network = 0; network < networks; network++)
        {
            using var trainer = new LinkTrainer(seed + network);
            var seen = samples.Where((_, fold) => networks == 1 || fold != network).SelectMany(fold => fold).ToList();
            trainer.Train(seen, epochs, seed + network, (epoch, loss) => Say($"links {network}, epoch {epoch}: {loss:F4}"));
            var (loss, right) = trainer.Validate(unseen);
            Say($"links {network}: held out {loss:F4}, {right:P1} right");
            trainer.Write(linkWriter);
        }

        samples.Clear();
        links.Position = 0;
        var linkModel = new LinkModel(new BinaryReader(links));
        Save(output, links, null);
        // First on conversations as people annotated them, then as the scorer of the first round makes them. Link scores come from the network that was trained without the room.
        ConversationScorer? conversations = null;
        byte[] conversationBytes = [];
        var choices = new List<ConversationSample>();
        for (var round = 0; round < 2; round++)
        {
            var made = folds.SelectMany((fold, number) => fold.Where((_, i) => i % RoomsPerStep == round).SelectMany((room, i) => ConversationSample.Of(room, new LinkWeights(linkModel.Only(number), conversations), round == 0 ? 0.1 : 1, seed + i)));
            choices.AddRange(made);
            Say($"{choices.Count} choices among conversations");
            using var stream = new MemoryStream();
            using var writer = new BinaryWriter(stream);
            writer.Write(networks);
            for (var network = 0; network < networks; network++)
            {
                using var trainer = new ConversationScorerTrainer(ConversationFeatures.Count, seed + network);
                trainer.Train(choices, 4, seed + network, (epoch, loss) => Say($"conversations {round}.{network}, epoch {epoch}: {loss:F4}"));
                trainer.Write(writer);
            }

            conversationBytes = stream.ToArray();
            conversations = new ConversationScorer(new BinaryReader(new MemoryStream(conversationBytes)));
        }

        var refinements = folds.SelectMany((fold, number) => fold.Where((_, i) => i % RoomsPerStep == 2).SelectMany((room, i) => RefinementSamples.Of(room, new LinkWeights(linkModel.Only(number), conversations), seed + i))).ToList();
        Say($"{refinements.Count} refinements");
        using var seconds = new MemoryStream();
        using var secondWriter = new BinaryWriter(seconds);
        secondWriter.Write(networks);
        for (var network = 0; network < networks; network++)
        {
            using var trainer = new ConversationScorerTrainer(RefinementFeatures.Count, seed + network);
            trainer.Train(refinements, 4, seed + network, (epoch, loss) => Say($"refinements {network}, epoch {epoch}: {loss:F4}"));
            trainer.Write(secondWriter);
        }

        Save(output, links, [.. conversationBytes, .. seconds.ToArray()]);

        void Say(string what) => Console.WriteLine($"{watch.Elapsed:mm\\:ss} {what}");
    }

    private static void Save(FileInfo output, MemoryStream links, byte[]? conversations)
    {
        using var file = new BinaryWriter(output.Create());
        file.Write(1);
        file.Write(links.ToArray());
        if (conversations is not null)
            file.Write(conversations);
    }
}
