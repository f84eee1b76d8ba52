namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>One number about the new line and one candidate, in the order of the weights. "Speaker" is the new line's, "candidate speaker" is the candidate's.</summary>
internal enum PairFeature
{
    LineDistance,
    IsPreviousLine,
    IsTwoLinesBack,
    IsThreeToFiveLinesBack,
    IsSixToTwelveLinesBack,
    Minutes,
    MinutesAtRoomTempo,
    DecayOverTenSeconds,
    DecayOverOneMinute,
    IsBySameSpeaker,
    IsLastLineOfItsSpeaker,
    CandidateSpeakerLinesSince,
    SpeakerLinesSince,

    /// <summary>Another person's candidate, after which the speaker has said nothing yet.</summary>
    IsSpeakerSilentSince,

    MarksCandidateSpeaker,
    NamesCandidateSpeaker,
    GuessesCandidateSpeaker,

    /// <summary>The line mentions people, but not the candidate's speaker.</summary>
    AddressesOthersOnly,

    CandidateAddressesSpeaker,
    CandidateAddressesOthersOnly,
    SharesAddressee,
    IsLastMentionOfSpeaker,

    /// <summary>By the speaker: 1 / (1 + distance in lines); 0: never.</summary>
    RecencyOfMentionOfCandidateSpeaker,

    /// <summary>By the candidate's speaker.</summary>
    RecencyOfMentionOfSpeaker,

    SpeakerLastAddressedCandidateSpeaker,
    SpeakerLastMentionedByCandidateSpeaker,
    MentionsOfCandidateSpeakerSince,
    SpeakersBetween,

    /// <summary>Between the two lines only the speaker and the speaker of the newest line have spoken.</summary>
    NoThirdSpeakerBetween,

    Cosine,
    CosineZScore,
    HasGreatestCosine,
    SharedWords,
    SharedWordRarity,
    RarestSharedWord,
    CosineToSpeakerLastLine,
    CosineToSpeakerLastLineZScore,

    /// <summary>Of what the candidate's speaker said after the candidate.</summary>
    GreatestLaterCosineOfCandidateSpeaker,

    SpeakerFollowedCandidateSpeaker,
    CandidateSpeakerFollowedSpeaker,
    IsSpeakerLastLine,
    AddressEachOther,
    SpeakerMentionedCandidateSpeakerSince,

    /// <summary>The line after the candidate is the speaker's own: an answer may have been given already.</summary>
    SpeakerSpokeRightAfter,

    OnlyCandidateHasQuestionMark,
    HangulShareDifference,
    IsFirstLineOfItsSpeaker,

    /// <summary>Always 1.</summary>
    Bias,

    CandidateAnsweredSpeaker,
    SpeakerLastAnsweredCandidateSpeaker,
    SpeakerLastAnsweredCandidate,
    CandidateAnsweredSpeakerLastLine,
    AnswerCount,
    CandidateAnsweredNobody,
    SharesAntecedentWithSpeakerLastLine,
    CosineOfCandidateAntecedent,

    /// <summary>By the speaker.</summary>
    RecencyOfAnswerToCandidateSpeaker,

    /// <summary>By the candidate's speaker.</summary>
    RecencyOfAnswerToSpeaker,

    HasEmbeddings,

    /// <summary>Of the embeddings, see <see cref="EmbeddingNormalizer.Similarity"/>.</summary>
    Similarity,

    SimilarityZScore,
    HasGreatestSimilarity,
    SimilarityToSpeakerLastLine,
    GreatestLaterSimilarityOfCandidateSpeaker,
    SimilarityOfCandidateAntecedent,
}
