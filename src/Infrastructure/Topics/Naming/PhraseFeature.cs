namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>The features of a phrase, from which <see cref="PhraseRanker"/> computes how good a name of its group it is. The strength of a word is e to the power of its weight less the weight of the group's strongest word: 0 to 1.</summary>
internal enum PhraseFeature
{
    /// <summary>Sum of the strengths of its words.</summary>
    Strength,

    /// <summary>Strength of its first word.</summary>
    FirstStrength,

    /// <summary>Strength of its last word.</summary>
    LastStrength,

    /// <summary>1 if the phrase has the group's strongest word.</summary>
    HasStrongest,

    /// <summary>1 if the phrase has three words.</summary>
    ThreeWords,

    /// <summary>1 if the phrase has four words or more.</summary>
    FourWords,

    /// <summary>Number of function words inside.</summary>
    FunctionWords,

    /// <summary>Number of verbs, adjectives and general words inside.</summary>
    GeneralWords,

    /// <summary>Logarithm of 1 + the texts with content before it.</summary>
    Lateness,

    /// <summary>1 if the phrase stands in the first text with content.</summary>
    Opening,

    /// <summary>Logarithm of how often it was said.</summary>
    TimesSaid,

    /// <summary>Share of the group's texts that have one of its words.</summary>
    Spread,

    /// <summary>Mean logarithm of the number of texts that have each of its words.</summary>
    Recurrence,

    /// <summary>Logarithm of the number of texts that have its last word.</summary>
    LastRecurrence,

    /// <summary>Mean mutual information of its words with the group.</summary>
    Information,

    /// <summary>1 if the phrase ends its clause.</summary>
    EndsClause,

    /// <summary>1 if another content word follows it.</summary>
    ContentAfter,

    /// <summary>1 if a content word stands before it.</summary>
    ContentBefore,

    /// <summary>1 if an article or a possessive stands before it.</summary>
    Determined,

    /// <summary>1 if the phrase begins with a verb that takes an object.</summary>
    BeginsWithAction,

    /// <summary>1 if the phrase ends in a word that may be a verb.</summary>
    EndsInAction,

    /// <summary>Share of the uses of its last word that are a verb's.</summary>
    LastVerbShare,

    /// <summary>Number of words of another script than the group's.</summary>
    ForeignWords,

    /// <summary>Number of words that begin with a capital.</summary>
    CapitalWords,

    /// <summary>1 if a Korean ending was taken off its last word.</summary>
    EndingTaken,

    /// <summary>Number of Korean particles inside.</summary>
    InnerParticles,

    /// <summary>1 if the phrase puts two strong words side by side that were not said so.</summary>
    Paired,

    /// <summary>1 if the phrase is a verb and its object, which stood near each other.</summary>
    ActionOnObject,

    /// <summary>1 if the phrase is the strongest word with the word that recurs beside it, the verb of which it is the object, or the next strongest word.</summary>
    Lead,
}
