namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>What speaks for and against a phrase as the name of its group. The strength of a word is e to the power of its weight less the weight of the group's strongest word: 0 to 1.</summary>
internal enum PhraseFeature
{
    /// <summary>Sum of the strengths of its words.</summary>
    Strength,

    /// <summary>Strength of its first word.</summary>
    FirstStrength,

    /// <summary>Strength of its last word.</summary>
    LastStrength,

    /// <summary>Has the group's strongest word.</summary>
    HasStrongest,

    /// <summary>Has three words.</summary>
    ThreeWords,

    /// <summary>Has four words or more.</summary>
    FourWords,

    /// <summary>Function words inside.</summary>
    FunctionWords,

    /// <summary>Verbs, adjectives and general words inside.</summary>
    GeneralWords,

    /// <summary>Logarithm of 1 + the texts with content before it.</summary>
    Lateness,

    /// <summary>In the first text with content.</summary>
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

    /// <summary>Nothing follows it in its clause.</summary>
    EndsClause,

    /// <summary>Another content word follows it.</summary>
    ContentAfter,

    /// <summary>A content word stands before it.</summary>
    ContentBefore,

    /// <summary>An article or a possessive stands before it.</summary>
    Determined,

    /// <summary>Begins with a verb that takes an object.</summary>
    BeginsWithAction,

    /// <summary>Ends in a word that may be a verb.</summary>
    EndsInAction,

    /// <summary>Share of the uses of its last word that are a verb's.</summary>
    LastVerbShare,

    /// <summary>Words of another script than the group's.</summary>
    ForeignWords,

    /// <summary>Names in capitals.</summary>
    CapitalWords,

    /// <summary>A Korean ending was taken off its last word.</summary>
    EndingTaken,

    /// <summary>Korean particles inside.</summary>
    InnerParticles,

    /// <summary>Not said as such: two strong words side by side.</summary>
    Paired,

    /// <summary>A verb and its object, which stood near each other.</summary>
    ActionOnObject,

    /// <summary>The strongest word and what recurs beside it or is done with it, or the next strongest one.</summary>
    Lead,
}
