using System.CommandLine;
using System.Diagnostics;
using AIChat.Evaluation.Commands;
using AIChat.Infrastructure.Topics.Linking;
using TorchSharp;

namespace AIChat.Evaluation.Training;

/// <summary>Trains the networks of <see cref="WindowClustering"/> alone, on the scores of a linker that is there already.</summary>
internal static class TrainWindowsCommand
{
    public static Command Create()
    {
        var data = Options.Data();
        var output = new Option<FileInfo>("--out") { Description = "The file of weights to write.", Required = true };
        var weights = Options.Weights();
        var seed = new Option<int>("--seed") { Description = "Of everything that is drawn.", DefaultValueFactory = _ => 1 };
        var epochs = new Option<int>("--epochs") { Description = "How often each network sees its pairs.", DefaultValueFactory = _ => 3 };
        var share = new Option<double>("--share") { Description = "Share of the made rooms and logs to learn from, for a quick try.", DefaultValueFactory = _ => 0.7 };
        var models = new Option<DirectoryInfo[]>("--models") { Description = "Sentence encoders' folders, as in train.", AllowMultipleArgumentsPerToken = true };
        var command = new Command("train-windows", "Trains the second look of src/Infrastructure/Topics/Linking.") { data, output, weights, seed, epochs, share, models };
        command.SetAction(result =>
        {
            torch.set_num_threads(1);
            var watch = Stopwatch.StartNew();
            void Say(string what) => Console.WriteLine($"{watch.Elapsed:mm\\:ss} {what}");
            var linker = Options.WeightsOf(result.GetValue(weights));
            string[] encoders = [.. result.GetValue(models)!.Select(folder => folder.FullName)];
            var networks = new WindowTrainer(result.GetValue(seed), result.GetValue(epochs), Say).TrainBoth(result.GetRequiredValue(data).FullName, result.GetValue(share), encoders, _ => linker);
            using var source = result.GetValue(weights)?.OpenRead() ?? LinkWeights.OpenShipped();
            using var file = result.GetRequiredValue(output).Create();
            LinkWeights.CopyLinker(source, file);
            file.Write(networks);
        });
        return command;
    }
}
