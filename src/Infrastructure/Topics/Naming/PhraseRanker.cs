namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>Scores phrases by a weighted sum of a few traits; <c>names --train</c> of the evaluation learned the weights from the titles of the written rooms.</summary>
internal static class PhraseRanker
{
    /// <summary>The weights by trait.</summary>
    public static double[] Weights { get; } =
    [
        0, // strength of its words, relative to the group's strongest
        0, // strength of its last word
        0, // strength of its strongest word
        0, // three words
        0, // four words or more
        0, // function words inside
        0, // verbs, adjectives and general words inside
        0, // ln(1 + texts before it)
        0, // in the first text
        0, // ln(times said)
        0, // a pause follows
        0, // another content word follows
        0, // an article or a possessive stands before it
        0, // a content word stands before it
        0, // begins with a verb that takes an object
        0, // ends in a word that may be a verb
        0, // words of another script than the group's
        0, // names in capitals
        0, // a Korean verb follows or a particle was taken off at its end
        0, // particles inside
        0, // not said as such: two strong words side by side
    ];

    public static double Score(Phrase phrase)
    {
        var score = 0.0;
        for (var i = 0; i < Weights.Length; i++) score += Weights[i] * phrase.Traits[i];
        return score;
    }
}
