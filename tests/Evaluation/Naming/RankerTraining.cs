using AIChat.Evaluation.Summaries;
using AIChat.Infrastructure.Topics.Naming;

namespace AIChat.Evaluation.Naming;

/// <summary>Learns the weights of <see cref="PhraseRanker"/>: gradient ascent on the ROUGE that is expected where a phrase is drawn by the softmax of the scores.</summary>
internal static class RankerTraining
{
    private const int Steps = 1500;
    private const double Rate = 3, Decay = 0.01;

    /// <param name="groups">The phrases of each conversation, and its title.</param>
    public static double[] Learn(IReadOnlyList<(IReadOnlyList<Phrase> Phrases, string Title)> groups)
    {
        var rewards = groups.Select(group => group.Phrases.Select(phrase => RougeScore.Of(phrase.Text, group.Title)).Select(score => score.One + score.Two).ToArray()).ToArray();
        var weights = new double[PhraseRanker.Weights.Length];
        for (var step = 0; step < Steps; step++)
        {
            var slope = new double[weights.Length];
            foreach (var ((phrases, _), reward) in groups.Zip(rewards))
            {
                var scores = phrases.Select(phrase => phrase.Traits.Zip(weights, (trait, weight) => trait * weight).Sum()).ToArray();
                var chances = scores.Select(score => Math.Exp(score - scores.Max())).ToArray();
                var total = chances.Sum();
                var expected = chances.Zip(reward, (chance, value) => chance * value).Sum() / total;
                for (var i = 0; i < chances.Length; i++)
                {
                    var pull = chances[i] / total * (reward[i] - expected);
                    for (var trait = 0; trait < slope.Length; trait++) slope[trait] += pull * phrases[i].Traits[trait];
                }
            }
            for (var trait = 0; trait < weights.Length; trait++) weights[trait] += Rate * ((slope[trait] / groups.Count) - (Decay * weights[trait]));
        }
        return weights;
    }
}
