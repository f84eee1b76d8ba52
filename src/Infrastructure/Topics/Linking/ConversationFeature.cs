namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>One number about a line and an open conversation, in the order of the weights; "new" features are set in the last row only, which stands for a new conversation.</summary>
internal enum ConversationFeature
{
    Join,
    GreatestJoin,

    /// <summary>Rarity of the rarest word of the line that was said in it.</summary>
    RarestSharedWord,

    /// <summary>Sum of the rarities of the line's words that were said in it.</summary>
    SharedWordRarity,

    GreatestSameOdds,
    SameOddsOfNewest3,
    SameOddsOfNewest10,
    SameOddsOfNewest,
    SameOddsWithin30,
    Size,
    Speakers,
    HasSpeaker,
    SpeakerShare,
    LinesSinceSpeaker,
    MinutesSinceSpeaker,
    HasSpeakerLastLine,
    HasOneSpeaker,
    LastLineIsBySpeaker,
    DecayOverTenSeconds,
    MinutesSinceLastLine,
    LinesSinceLastLine,
    LastLineHasQuestionMark,
    LastLineAddressesSpeaker,
    HasAddressee,
    MeanCosine,
    GreatestCosine,
    CandidateCount,
    AddresseeRecency,
    JoinLead,
    SameOddsLead,
    MeanCosineLead,
    HasGreatestJoin,
    HasGreatestSameOdds,
    IsNew,
    NewGreatestJoin,
    NewGreatestSameOdds,
    NewGreatestMeanCosine,
    Opens,
    RoomMentionRate,
    RoomSlowness,
    ConversationCount,
    LineWordCount,
    LineIsFiller,
    LineAsks,
    LineGreets,
    LineContinues,
    LineAddressesEveryone,
    LineMentionsSomeone,
    IsFirstLineOfSpeaker,
    MinutesSinceSpeakerLastLine,
    LineHangulShare,
    LineAnswers,

    /// <summary>Its line was the last to mention the speaker, who has said nothing since.</summary>
    HasUnansweredMentionOfSpeaker,

    /// <summary>Two people speak in it, the speaker is one of them, and the other spoke last.</summary>
    IsSpeakerTurnInDialogue,

    LacksAddressee,
    HasPreviousLine,
    SameOddsWithin12,
    PositiveSameOddsWithin60,
    NegativeSameOddsWithin60,

    /// <summary>To the greatest sum of a conversation; in the last row, that sum.</summary>
    SameOddsWithin30Lead,

    Link,
    MeanSimilarity,

    /// <summary>In the last row, the greatest <see cref="MeanSimilarity"/>.</summary>
    GreatestSimilarity,

    SimilarityOfNewest3,
    SimilarityLead,
    HasEmbedding,

    /// <summary>No line of it is among the candidates.</summary>
    IsRemembered,

    /// <summary>Number of conversations that were spoken in later.</summary>
    RecencyRank,

    /// <summary>Minutes since its last line, in its usual gaps.</summary>
    SilenceAtOwnPace,

    /// <summary>Number of its newest lines whose speakers have spoken elsewhere since its last line.</summary>
    SpeakersElsewhereSince,

    IsSpeakerAmongNewest4,
    IsAfterLongPause,
    AddresseeSpokeLastIn,
}
