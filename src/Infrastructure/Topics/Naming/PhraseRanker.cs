namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>Scores phrases by a weighted sum of a few traits; <c>names --train</c> of the evaluation learned the weights from the titles of the written rooms.</summary>
internal static class PhraseRanker
{
    /// <summary>The weights by trait.</summary>
    public static double[] Weights { get; } =
    [
        1.03, // strength of its words, relative to the group's strongest
        0.68, // strength of its last word
        0.06, // strength of its strongest word
        0.14, // three words
        0.01, // four words or more
        -0.41, // function words inside
        -0.14, // verbs, adjectives and general words inside
        -1.57, // ln(1 + texts before it)
        1.25, // in the first text
        -0.09, // ln(times said)
        0.10, // a pause follows
        -0.12, // another content word follows
        0.99, // an article or a possessive stands before it
        -0.41, // a content word stands before it
        -0.05, // begins with a verb that takes an object
        0.14, // ends in a word that may be a verb
        0.17, // words of another script than the group's
        0.04, // names in capitals
        0.00, // a Korean verb follows or a particle was taken off at its end
        -0.20, // particles inside
        -2.13, // not said as such: two strong words side by side
    ];

    public static double Score(Phrase phrase)
    {
        var score = 0.0;
        for (var i = 0; i < Weights.Length; i++) score += Weights[i] * phrase.Traits[i];
        return score;
    }
}
