using System.CommandLine;
using AIChat.Infrastructure.Topics.Classifiers;
using AIChat.Infrastructure.Topics.Linking;

namespace AIChat.Evaluation.Commands;

internal static class Options
{
    public static Option<DirectoryInfo> Data()
    {
        var data = new Option<DirectoryInfo>("--data") { Description = "The folder that holds the data sets (docs/topics.md says where each is published).", Required = true };
        data.AcceptExistingOnly();
        return data;
    }

    /// <summary>Weights to measure instead of the shipped ones.</summary>
    public static Option<FileInfo?> Weights()
    {
        var weights = new Option<FileInfo?>("--weights") { Description = "Measure these weights instead of the program's own." };
        return weights;
    }

    /// <summary>The sentence encoder of the lines' embeddings.</summary>
    public static Option<DirectoryInfo?> Model() => new("--model") { Description = "A sentence encoder's folder; left out: character n-grams alone." };

    public static ConversationClassifier Classifier(FileInfo? weights) => new(WeightsOf(weights));

    public static LinkWeights WeightsOf(FileInfo? weights)
    {
        if (weights is null)
            return LinkWeights.Shipped;
        using var stream = weights.OpenRead();
        return LinkWeights.Read(stream);
    }
}
