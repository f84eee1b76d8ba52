namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>One number about two lines of a window, seen from both sides in time, in the order of the weights. "Group" stands for the lines that a speaker said within a minute or so of one.</summary>
internal enum WindowPairFeature
{
    Cosine,
    CosineZScore,
    SharedWordRarity,
    RarestSharedWord,

    /// <summary>0 where the earlier line is no candidate of the later one.</summary>
    SameOdds,

    Link,
    Join,
    IsCandidate,
    Minutes,
    LineDistance,
    DecayOverTenSeconds,
    DecayOverOneMinute,
    DecayOverTenMinutes,
    IsAfterLongPause,
    GreatestSilenceBetween,
    PausesBetween,
    IsBySameSpeaker,
    MentionsEarlierSpeaker,
    EarlierMentionsSpeaker,
    MentionsOthersOnly,
    EarlierMentionsOthersOnly,
    SharesAddressee,
    LinesBetweenOfSpeaker,
    LinesBetweenOfEarlierSpeaker,

    /// <summary>How often the two speakers speak near each other in the window.</summary>
    SpeakersNearEachOther,

    /// <summary>The same, as a logarithm of its ratio to what chance would give (pointwise mutual information).</summary>
    SpeakerAssociation,

    MentionsBetweenSpeakers,
    MentionsBetweenEarlierSpeaker,
    CosineToEarlierGroup,
    CosineOfGroupToEarlier,
    CosineOfGroups,
    RarestSharedWordWithEarlierGroup,
    RarestSharedWordOfGroup,
    IsSameOnlineConversation,
    Similarity,
    SimilarityOfGroups,
    HasEmbeddings,
}
