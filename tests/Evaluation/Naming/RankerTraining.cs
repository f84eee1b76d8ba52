using System.Numerics.Tensors;
using AIChat.Evaluation.Summaries;
using AIChat.Infrastructure.Topics.Naming;

namespace AIChat.Evaluation.Naming;

/// <summary>Learns the weights of <see cref="PhraseRanker"/>: gradient ascent on the ROUGE that is expected where a phrase is drawn by the softmax of the scores.</summary>
internal static class RankerTraining
{
    private const int Steps = 1500;
    private const double Rate = 2, Decay = 0.01;

    /// <param name="groups">The phrases of each conversation, and its title.</param>
    /// <returns>By <see cref="PhraseFeature"/>.</returns>
    public static double[] Learn(IReadOnlyList<(IReadOnlyList<Phrase> Phrases, string Title)> groups)
    {
        var rewards = groups.Select(group => group.Phrases.Select(phrase => RougeScore.Of(phrase.Text, group.Title)).Select(score => score.One + (double.Parse(Environment.GetEnvironmentVariable("R2") ?? "1") * score.Two)).ToArray()).ToArray();
        var weights = new double[PhraseRanker.Features];
        var slope = new double[weights.Length];
        for (var step = 0; step < Steps; step++)
        {
            Array.Clear(slope);
            foreach (var ((phrases, _), reward) in groups.Zip(rewards))
                AddSlope(phrases, reward, weights, slope);
            for (var i = 0; i < weights.Length; i++) weights[i] += Rate * ((slope[i] / groups.Count) - (Decay * weights[i]));
        }
        return weights;
    }

    private static void AddSlope(IReadOnlyList<Phrase> phrases, double[] rewards, double[] weights, double[] slope)
    {
        var chances = new double[phrases.Count];
        for (var i = 0; i < chances.Length; i++) chances[i] = TensorPrimitives.Dot<double>(phrases[i].Features, weights);
        TensorPrimitives.SoftMax<double>(chances, chances);
        var expected = TensorPrimitives.Dot<double>(chances, rewards);
        for (var i = 0; i < chances.Length; i++)
            TensorPrimitives.MultiplyAdd(phrases[i].Features, chances[i] * (rewards[i] - expected), slope, slope);
    }
}
