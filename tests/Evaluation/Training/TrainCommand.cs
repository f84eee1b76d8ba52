using System.CommandLine;
using System.Diagnostics;
using AIChat.Evaluation.Commands;
using AIChat.Infrastructure.Topics.Linking;
using TorchSharp;

namespace AIChat.Evaluation.Training;

/// <summary>Trains the weights of the link model, the conversation scorer and the scorers of whole windows; deterministic.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var data = Options.Data();
        var output = new Option<FileInfo>("--out") { Description = "The file of weights to write.", Required = true };
        var seed = new Option<int>("--seed") { Description = "Of everything that is drawn.", DefaultValueFactory = _ => 1 };
        var epochs = new Option<int>("--epochs") { Description = "How often each network sees its rooms.", DefaultValueFactory = _ => 6 };
        var rooms = new Option<double>("--share") { Description = "Share of the rooms to learn from, for a quick try.", DefaultValueFactory = _ => 1 };
        var models = new Option<DirectoryInfo[]>("--models") { Description = "Sentence encoders' folders: two rooms of five stay without vectors, the others have one encoder's.", AllowMultipleArgumentsPerToken = true };
        var command = new Command("train", "Trains the scorers of src/Infrastructure/Topics/Linking.") { data, output, seed, epochs, rooms, models };
        command.SetAction(result => Run(
            result.GetRequiredValue(data).FullName, result.GetRequiredValue(output), result.GetValue(seed), result.GetValue(epochs), result.GetValue(rooms), [.. result.GetValue(models)!.Select(folder => folder.FullName)]));
        return command;
    }

    private const int Rounds = 2, WindowEpochs = 3;

    /// <summary>Share of the made rooms and logs that the windows learn from: more of them would outweigh the written rooms.</summary>
    private const double WindowShare = 0.7;

    private static void Run(string data, FileInfo output, int seed, int epochs, double share, string[] models)
    {
        torch.set_num_threads(1);
        var watch = Stopwatch.StartNew();
        var (rooms, heldOut) = TrainingRooms.Read(data, seed, share);
        rooms = TrainingRooms.WithEmbeddings(rooms, models, seed, Say);
        Say($"{rooms.Count} rooms to learn from, {heldOut.Count} held out");
        var samples = rooms.ConvertAll(room => LinkSample.Of(room).ToList());
        var unseen = heldOut.SelectMany(LinkSample.Of).ToList();
        Say($"{samples.Sum(room => room.Count)} lines to learn from, {unseen.Count} held out");

        // Where the scorers of conversations and windows learn from a room of one fold, the link scores come from a network that did not see that fold.
        var withoutFold = Links([.. samples.Where((_, room) => rooms[room].Fold != 0).SelectMany(room => room)], unseen, epochs, seed + 1, Say);
        var links = Links([.. samples.SelectMany(room => room)], unseen, epochs, seed, Say);
        samples.Clear();
        var (ofFold, all) = (Read(withoutFold), Read(links));

        // First on conversations as people annotated them, then as the scorer of the first round makes them.
        ConversationScorer? scorer = null;
        byte[] conversations = [];
        var written = TrainingRooms.Written(data, seed, share, models, Say);
        var choices = new List<ConversationSample>();
        for (var round = 0; round < Rounds; round++)
        {
            var ownShare = round == 0 ? 0.1 : 1;
            foreach (var (i, room) in rooms.Where(room => room.Fold == 0).Index().Where(one => one.Index % Rounds == round))
                choices.AddRange(ConversationSample.Of(room, new LinkWeights(ofFold, scorer), ownShare, seed + i));
            for (var room = 0; room < written.Count; room++)
                choices.AddRange(ConversationSample.Of(written[room], new LinkWeights(all, scorer), ownShare, seed + room));
            Say($"{choices.Count} choices among conversations");
            using var trainer = new ConversationScorerTrainer(ConversationFeatures.Count, seed);
            trainer.Train(choices, 4, seed, (epoch, loss) => Say($"conversations, round {round}, epoch {epoch}: {loss:F4}"));
            conversations = Written(trainer.Write);
            scorer = new ConversationScorer(new BinaryReader(new MemoryStream(conversations)));
        }

        var windows = new WindowTrainer(seed, WindowEpochs, Say).TrainBoth(data, WindowShare * share, models, room => new LinkWeights(room.HasLinks ? ofFold : all, scorer));
        using var file = new BinaryWriter(output.Create());
        file.Write(LinkWeights.Format);
        file.Write(links);
        file.Write(conversations);
        file.Write(windows);

        void Say(string what) => Console.WriteLine($"{watch.Elapsed:mm\\:ss} {what}");
    }

    private static LinkModel Read(byte[] network) => new(new BinaryReader(new MemoryStream(network)));

    private static byte[] Links(IReadOnlyList<LinkSample> samples, IReadOnlyList<LinkSample> unseen, int epochs, int seed, Action<string> say)
    {
        using var trainer = new LinkTrainer(seed);
        trainer.Train(samples, epochs, seed, (epoch, loss) => say($"links, epoch {epoch}: {loss:F4}"));
        var (loss, right) = trainer.Validate(unseen);
        say($"links: held out {loss:F4}, {right:P1} right");
        return Written(trainer.Write);
    }

    private static byte[] Written(Action<BinaryWriter> write)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        write(writer);
        return stream.ToArray();
    }
}
