namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>Scores phrases by a weighted sum of their features; <c>names --train</c> of the evaluation learned the weights from the titles of the written rooms.</summary>
internal sealed class PhraseRanker
{
    public static readonly int Features = Enum.GetValues<PhraseFeature>().Length;

    private readonly double[] _weights;

    /// <param name="lines">The names of <see cref="PhraseFeature"/> with their weights.</param>
    public PhraseRanker(IEnumerable<string> lines) => _weights = FeatureWeights.Read<PhraseFeature>(lines);

    private static readonly PhraseRanker English = new(WordLists.Lines("phraseweights.en.txt")), Korean = new(WordLists.Lines("phraseweights.ko.txt"));

    /// <summary>The shipped one for groups that are mostly in this script.</summary>
    public static PhraseRanker For(Script main) => main == Script.Hangul ? Korean : English;

    public double Score(Phrase phrase)
    {
        var score = 0.0;
        for (var i = 0; i < Features; i++) score += _weights[i] * phrase.Features[i];
        return score;
    }
}
