using System.Security.Cryptography;
using AIChat.Infrastructure.Topics.Linking;

namespace AIChat.Infrastructure.Tests.Topics;

/// <summary>
/// Pins the names of the features to the shipped weights. A name may be respelled here and there; one that is moved, added or removed needs newly trained weights.
/// </summary>
public sealed class FeatureNamesTests
{
    private const string LineTraitNames =
        """
        WordCount Length HasQuestionMark Asks Greets Thanks Welcomes Answers Continues HasWebAddress DigitShare SymbolShare Laughs HasExclamationMark
        SpeaksOfFirstPerson SpeaksOfSecondPerson ReportsTrouble AddressesEveryone Advises IsFiller HangulShare TrailsOff IsCorrection IsOneOrTwoWords
        """;

    private const string LineNames =
        """
        HasSpokenBefore MinutesSinceSpeakerLastLine LinesSinceSpeakerLastLine SpeakerSaidPreviousLine SpeakerLinesAmongLastFifty
        SpeakerLastLineMentionsSomeone SpeakerLastLineHasQuestionMark WasMentionedSince LinesSinceMention MarkedMentions PlainMentions
        HasGuessedMention LinesSinceAddresseeSpoke RoomSlowness RoomMentionRate DistinctSpeakerShare MinutesSincePreviousLine
        MinutesSinceThirtiethLine GreatestCosine MeanCosine HasEmbedding GreatestSimilarity MeanSimilarity
        """;

    private const string CandidateNames =
        """
        IsFirstLineOfSpeaker MentionsSomeone HasMarkedMention HasSeveralMentions
        """;

    private const string PairNames =
        """
        LineDistance IsPreviousLine IsTwoLinesBack IsThreeToFiveLinesBack IsSixToTwelveLinesBack Minutes MinutesAtRoomTempo DecayOverTenSeconds
        DecayOverOneMinute IsBySameSpeaker IsLastLineOfItsSpeaker CandidateSpeakerLinesSince SpeakerLinesSince IsSpeakerSilentSince
        MarksCandidateSpeaker NamesCandidateSpeaker GuessesCandidateSpeaker AddressesOthersOnly CandidateAddressesSpeaker
        CandidateAddressesOthersOnly SharesAddressee IsLastMentionOfSpeaker RecencyOfMentionOfCandidateSpeaker RecencyOfMentionOfSpeaker
        SpeakerLastAddressedCandidateSpeaker SpeakerLastMentionedByCandidateSpeaker MentionsOfCandidateSpeakerSince SpeakersBetween
        NoThirdSpeakerBetween Cosine CosineZScore HasGreatestCosine SharedWords SharedWordRarity RarestSharedWord CosineToSpeakerLastLine
        CosineToSpeakerLastLineZScore GreatestLaterCosineOfCandidateSpeaker SpeakerFollowedCandidateSpeaker CandidateSpeakerFollowedSpeaker
        IsSpeakerLastLine AddressEachOther SpeakerMentionedCandidateSpeakerSince SpeakerSpokeRightAfter OnlyCandidateHasQuestionMark
        HangulShareDifference IsFirstLineOfItsSpeaker Bias CandidateAnsweredSpeaker SpeakerLastAnsweredCandidateSpeaker SpeakerLastAnsweredCandidate
        CandidateAnsweredSpeakerLastLine AnswerCount CandidateAnsweredNobody SharesAntecedentWithSpeakerLastLine CosineOfCandidateAntecedent
        RecencyOfAnswerToCandidateSpeaker RecencyOfAnswerToSpeaker HasEmbeddings Similarity SimilarityZScore HasGreatestSimilarity
        SimilarityToSpeakerLastLine GreatestLaterSimilarityOfCandidateSpeaker SimilarityOfCandidateAntecedent
        """;

    private const string ConversationNames =
        """
        Join GreatestJoin RarestSharedWord SharedWordRarity GreatestSameOdds SameOddsOfNewest3 SameOddsOfNewest10 SameOddsOfNewest
        SameOddsWithin30 Size Speakers HasSpeaker SpeakerShare LinesSinceSpeaker MinutesSinceSpeaker HasSpeakerLastLine HasOneSpeaker
        LastLineIsBySpeaker DecayOverTenSeconds MinutesSinceLastLine LinesSinceLastLine LastLineHasQuestionMark LastLineAddressesSpeaker
        HasAddressee MeanCosine GreatestCosine CandidateCount AddresseeRecency JoinLead SameOddsLead MeanCosineLead HasGreatestJoin
        HasGreatestSameOdds IsNew NewGreatestJoin NewGreatestSameOdds NewGreatestMeanCosine Opens RoomMentionRate RoomSlowness ConversationCount
        LineWordCount LineIsFiller LineAsks LineGreets LineContinues LineAddressesEveryone LineMentionsSomeone IsFirstLineOfSpeaker
        MinutesSinceSpeakerLastLine LineHangulShare LineAnswers HasUnansweredMentionOfSpeaker IsSpeakerTurnInDialogue LacksAddressee
        HasPreviousLine SameOddsWithin12 PositiveSameOddsWithin60 NegativeSameOddsWithin60 SameOddsWithin30Lead Link MeanSimilarity
        GreatestSimilarity SimilarityOfNewest3 SimilarityLead HasEmbedding IsRemembered RecencyRank SilenceAtOwnPace SpeakersElsewhereSince
        IsSpeakerAmongNewest4 IsAfterLongPause AddresseeSpokeLastIn
        """;

    private const string WindowLineNames =
        """
        Opens MentionsSomeone EarlierLinesOfSpeaker MinutesSincePreviousLine MinutesToNextLine RoomMentionRate RoomSlowness HasEmbedding
        """;

    private const string WindowPairNames =
        """
        Cosine CosineZScore SharedWordRarity RarestSharedWord SameOdds Link Join IsCandidate Minutes LineDistance DecayOverTenSeconds
        DecayOverOneMinute DecayOverTenMinutes IsAfterLongPause GreatestSilenceBetween PausesBetween IsBySameSpeaker MentionsEarlierSpeaker
        EarlierMentionsSpeaker MentionsOthersOnly EarlierMentionsOthersOnly SharesAddressee LinesBetweenOfSpeaker LinesBetweenOfEarlierSpeaker
        SpeakersNearEachOther SpeakerAssociation MentionsBetweenSpeakers MentionsBetweenEarlierSpeaker CosineToEarlierGroup
        CosineOfGroupToEarlier CosineOfGroups RarestSharedWordWithEarlierGroup RarestSharedWordOfGroup IsSameOnlineConversation Similarity
        SimilarityOfGroups HasEmbeddings
        """;

    private const string ClusterPairNames =
        """
        IsSameCluster LineAffinity EarlierAffinity ClusterAffinity Size EarlierSize SpeakerShareInEarlierCluster EarlierSpeakerShareInCluster
        SpeakerOverlap SpeakerCosine MeanCosine SharedRareWords MinutesApart LeadOverOthers EarlierLeadOverOthers LeadOverOwn EarlierLeadOverOwn
        MeanSimilarity
        """;

    [Fact]
    public void Weights_are_those_that_the_names_were_given_for()
    {
        using var weights = LinkWeights.OpenShipped();
        Assert.Equal("0a1a244ee2a5095e4b8d99df5ea50dd9274e95dc27fcdcc2f71f1ca4a94aef34", Convert.ToHexStringLower(SHA256.HashData(weights)));
    }

    [Fact]
    public void Every_input_of_the_weights_has_a_name()
    {
        var (link, opens, conversation, first, second) = InputWidths();
        var (traits, line, candidate) = (Words(LineTraitNames).Length, Words(LineNames).Length, Words(CandidateNames).Length);
        Assert.Equal(link, traits + line + traits + candidate + Words(PairNames).Length);
        Assert.Equal(opens, traits + line);
        Assert.Equal(conversation, Words(ConversationNames).Length);
        Assert.Equal(first, (2 * (traits + Words(WindowLineNames).Length)) + Words(WindowPairNames).Length);
        Assert.Equal(second, first + (WindowClustering.Cuts.Length * Words(ClusterPairNames).Length));
    }

    [Fact]
    public void Widths_of_the_vectors_are_those_of_the_weights()
    {
        var (link, opens, conversation, first, second) = InputWidths();
        Assert.Equal(LinkFeatures.OfLine + LinkFeatures.OfCandidate + LinkFeatures.OfPair, link);
        Assert.Equal(LinkFeatures.OfLine, opens);
        Assert.Equal(ConversationFeatures.Count, conversation);
        Assert.Equal((2 * WindowPairs.OfLine) + WindowPairs.OfPair, first);
        Assert.Equal((2 * WindowPairs.OfLine) + WindowClustering.OfPair, second);
    }

    [Fact]
    public void Names_stand_in_the_order_of_the_weights()
    {
        AssertNames<LineTrait>(LineTraitNames);
        AssertNames<LineFeature>(LineNames);
        AssertNames<CandidateFeature>(CandidateNames);
        AssertNames<PairFeature>(PairNames);
        AssertNames<ConversationFeature>(ConversationNames);
        AssertNames<WindowLineFeature>(WindowLineNames);
        AssertNames<WindowPairFeature>(WindowPairNames);
        AssertNames<ClusterPairFeature>(ClusterPairNames);
    }

    private static void AssertNames<TFeature>(string expected)
        where TFeature : struct, Enum
    {
        Assert.Equal(Words(expected), Enum.GetNames<TFeature>());
        Assert.Equal(Enumerable.Range(0, Words(expected).Length), Enum.GetValues<TFeature>().Select(feature => Convert.ToInt32(feature, null)));
    }

    private static string[] Words(string names) => names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Inputs of the first layers of the link model, of its branch for "opens", of the conversation scorer and of the two passes over a window.</summary>
    private static (int Link, int Opens, int Conversation, int First, int Second) InputWidths()
    {
        const int linkLayers = 5, opensFirst = 3, scorerLayers = 3;
        using var reader = new BinaryReader(LinkWeights.OpenShipped());
        reader.ReadInt32();
        var link = Inputs(reader, linkLayers);
        var (conversation, first, second) = (Inputs(reader, scorerLayers), Inputs(reader, scorerLayers), Inputs(reader, scorerLayers));
        Assert.Equal((first[0], second[0]), (Inputs(reader, scorerLayers)[0], Inputs(reader, scorerLayers)[0]));
        Assert.Equal(reader.BaseStream.Length, reader.BaseStream.Position);
        return (link[0], link[opensFirst], conversation[0], first[0], second[0]);
    }

    private static int[] Inputs(BinaryReader reader, int layers) => [.. Enumerable.Range(0, layers).Select(_ => DenseLayer.Read(reader).Inputs)];
}
