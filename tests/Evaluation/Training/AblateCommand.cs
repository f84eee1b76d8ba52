using System.CommandLine;
using AIChat.Evaluation.Commands;
using AIChat.Infrastructure.Topics.Linking;
using TorchSharp;

namespace AIChat.Evaluation.Training;

/// <summary>What each group of features brings to the link scorer: one small network without it, against one with all.</summary>
internal static class AblateCommand
{
    private const int Candidate = LinkFeatures.OfLine, Pair = LinkFeatures.OfLine + LinkFeatures.OfCandidate, Room = LineTraits.Count;

    private static readonly (string Name, int[] Inputs)[] Groups =
    [
        ("all", []),
        ("without names called", [.. Line(5, 7, 8, 9, 10, 11, 12, 14), .. Own(1, 2, 3), .. Both(14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 41, 42)]),
        ("without who speaks when", [.. Line(0, 2, 3, 4, 6, 15), .. Own(0), .. Both(9, 10, 11, 12, 13, 28, 38, 39, 40, 43, 46)]),
        ("without time", [.. Line(1, 13, 16, 17), .. Both(5, 6, 7, 8)]),
        ("without distance", Both(0, 1, 2, 3, 4, 27)),
        ("without likeness of words", [.. Line(18, 19), .. Both(29, 30, 31, 32, 33, 34, 35, 36, 37)]),
        ("without earlier links", Both(48, 49, 50, 51, 52, 53, 54, 55, 56, 57)),
        ("without cue words and shape", [.. Enumerable.Range(0, LineTraits.Count), .. Enumerable.Range(Candidate, LineTraits.Count), .. Both(44, 45)]),
    ];

    public static Command Create()
    {
        var data = Options.Data();
        var share = new Option<double>("--share") { Description = "Share of the rooms to learn from.", DefaultValueFactory = _ => 0.3 };
        var command = new Command("ablate", "Trains the link scorer without one group of features after another.") { data, share };
        command.SetAction((result, _) =>
        {
            Run(result.GetRequiredValue(data).FullName, result.GetValue(share));
            return Task.CompletedTask;
        });
        return command;
    }

    private static void Run(string data, double share)
    {
        torch.set_num_threads(1);
        var (rooms, heldOut) = TrainingRooms.Read(data, 1, share);
        var samples = rooms.SelectMany(Sample.Of).ToList();
        // The logs come first: with names, then the same ones without.
        var logs = heldOut.Where(room => room.HasLinks).ToList();
        var named = logs.Take(logs.Count / 2).SelectMany(Sample.Of).ToList();
        var masked = logs.Skip(logs.Count / 2).SelectMany(Sample.Of).ToList();
        Console.WriteLine($"{samples.Count} lines to learn from; held out {named.Count} with names, {masked.Count} without; share whose likeliest answer is right");
        foreach (var (name, inputs) in Groups)
        {
            using var trainer = new LinkTrainer(1, inputs.ToHashSet());
            trainer.Train(samples, 3, 1, (_, _) => { });
            Console.WriteLine($"{name,-30} {trainer.Validate(named).Right,8:P1} {trainer.Validate(masked).Right,8:P1}");
        }
    }

    private static int[] Line(params int[] inputs) => Array.ConvertAll(inputs, input => Room + input);

    private static int[] Own(params int[] inputs) => Array.ConvertAll(inputs, input => Candidate + LineTraits.Count + input);

    private static int[] Both(params int[] inputs) => Array.ConvertAll(inputs, input => Pair + input);
}
