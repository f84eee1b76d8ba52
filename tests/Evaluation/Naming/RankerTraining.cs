using System.Globalization;
using System.Numerics.Tensors;
using AIChat.Evaluation.Summaries;
using AIChat.Infrastructure.Topics.Naming;

namespace AIChat.Evaluation.Naming;

/// <summary>Learns the weights of <see cref="PhraseRanker"/>: gradient ascent on the ROUGE that is expected where a phrase is drawn by the softmax of the scores.</summary>
internal static class RankerTraining
{
    private const int Steps = 1500;
    private const double Rate = 2, Decay = 0.01;

    /// <summary>Writes <c>phraseweights.en.txt</c> and <c>phraseweights.ko.txt</c>: Korean is learned from Korean conversations alone, English, of which there are fewer, from all.</summary>
    public static void Write(DirectoryInfo folder)
    {
        var groups = TitledRoom.Read("learn").SelectMany(room => KeywordNamer.Phrases(room.Groups(), room.Nicknames).Zip(room.Titles)).Where(group => group.First.Phrases.Count > 0).ToList();
        foreach (var (language, learned) in new[] { ("en", groups), ("ko", groups.FindAll(group => group.First.Main == Script.Hangul)) })
        {
            var weights = Learn(learned.ConvertAll(group => (group.First.Phrases, group.Second)));
            File.WriteAllLines(Path.Combine(folder.FullName, $"phraseweights.{language}.txt"), weights.Select((weight, i) => string.Create(CultureInfo.InvariantCulture, $"{(PhraseFeature)i} {weight:F2}")));
        }
    }

    /// <param name="groups">The phrases of each conversation, and its title.</param>
    /// <returns>By <see cref="PhraseFeature"/>.</returns>
    private static double[] Learn(IReadOnlyList<(IReadOnlyList<Phrase> Phrases, string Title)> groups)
    {
        var rewards = groups.Select(group => group.Phrases.Select(phrase => RougeScore.Of(phrase.Text, group.Title)).Select(score => score.One + score.Two).ToArray()).ToArray();
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
