using System.CommandLine;
using AIChat.Evaluation.Commands;
using AIChat.Infrastructure.Topics.Linking;
using TorchSharp;

namespace AIChat.Evaluation.Training;

/// <summary>Trains one small network of the link model without each group of features, and one with all, for comparison.</summary>
internal static class AblateCommand
{
    private static readonly (string Name, int[] Inputs)[] Groups =
    [
        ("all", []),
        ("without mentions",
        [
            .. Line(
                LineFeature.SpeakerLastLineMentionsSomeone, LineFeature.WasMentionedSince, LineFeature.LinesSinceMention, LineFeature.MarkedMentions,
                LineFeature.PlainMentions, LineFeature.HasGuessedMention, LineFeature.LinesSinceAddresseeSpoke, LineFeature.RoomMentionRate),
            .. Candidate(CandidateFeature.MentionsSomeone, CandidateFeature.HasMarkedMention, CandidateFeature.HasSeveralMentions),
            .. Pair(
                PairFeature.MarksCandidateSpeaker, PairFeature.NamesCandidateSpeaker, PairFeature.GuessesCandidateSpeaker, PairFeature.AddressesOthersOnly,
                PairFeature.CandidateAddressesSpeaker, PairFeature.CandidateAddressesOthersOnly, PairFeature.SharesAddressee, PairFeature.IsLastMentionOfSpeaker,
                PairFeature.RecencyOfMentionOfCandidateSpeaker, PairFeature.RecencyOfMentionOfSpeaker, PairFeature.SpeakerLastAddressedCandidateSpeaker,
                PairFeature.SpeakerLastMentionedByCandidateSpeaker, PairFeature.MentionsOfCandidateSpeakerSince, PairFeature.AddressEachOther,
                PairFeature.SpeakerMentionedCandidateSpeakerSince),
        ]),
        ("without who speaks when",
        [
            .. Line(
                LineFeature.HasSpokenBefore, LineFeature.LinesSinceSpeakerLastLine, LineFeature.SpeakerSaidPreviousLine, LineFeature.SpeakerLinesAmongLastFifty,
                LineFeature.SpeakerLastLineHasQuestionMark, LineFeature.DistinctSpeakerShare),
            .. Candidate(CandidateFeature.IsFirstLineOfSpeaker),
            .. Pair(
                PairFeature.IsBySameSpeaker, PairFeature.IsLastLineOfItsSpeaker, PairFeature.CandidateSpeakerLinesSince, PairFeature.SpeakerLinesSince,
                PairFeature.IsSpeakerSilentSince, PairFeature.NoThirdSpeakerBetween, PairFeature.SpeakerFollowedCandidateSpeaker,
                PairFeature.CandidateSpeakerFollowedSpeaker, PairFeature.IsSpeakerLastLine, PairFeature.SpeakerSpokeRightAfter, PairFeature.IsFirstLineOfItsSpeaker),
        ]),
        ("without time",
        [
            .. Line(
                LineFeature.MinutesSinceSpeakerLastLine, LineFeature.RoomSlowness, LineFeature.MinutesSincePreviousLine, LineFeature.MinutesSinceThirtiethLine),
            .. Pair(
                PairFeature.Minutes, PairFeature.MinutesAtRoomTempo, PairFeature.DecayOverTenSeconds, PairFeature.DecayOverOneMinute),
        ]),
        ("without distance",
        [
            .. Pair(
                PairFeature.LineDistance, PairFeature.IsPreviousLine, PairFeature.IsTwoLinesBack, PairFeature.IsThreeToFiveLinesBack,
                PairFeature.IsSixToTwelveLinesBack, PairFeature.SpeakersBetween),
        ]),
        ("without similarity of words",
        [
            .. Line(
                LineFeature.GreatestCosine, LineFeature.MeanCosine),
            .. Pair(
                PairFeature.Cosine, PairFeature.CosineZScore, PairFeature.HasGreatestCosine, PairFeature.SharedWords, PairFeature.SharedWordRarity,
                PairFeature.RarestSharedWord, PairFeature.CosineToSpeakerLastLine, PairFeature.CosineToSpeakerLastLineZScore,
                PairFeature.GreatestLaterCosineOfCandidateSpeaker),
        ]),
        ("without earlier links",
        [
            .. Pair(
                PairFeature.CandidateAnsweredSpeaker, PairFeature.SpeakerLastAnsweredCandidateSpeaker, PairFeature.SpeakerLastAnsweredCandidate,
                PairFeature.CandidateAnsweredSpeakerLastLine, PairFeature.AnswerCount, PairFeature.CandidateAnsweredNobody,
                PairFeature.SharesAntecedentWithSpeakerLastLine, PairFeature.CosineOfCandidateAntecedent, PairFeature.RecencyOfAnswerToCandidateSpeaker,
                PairFeature.RecencyOfAnswerToSpeaker),
        ]),
        ("without cue words and shape",
        [
            .. Enumerable.Range(0, LineTraits.Count), .. Enumerable.Range(LinkFeatures.OfLine, LineTraits.Count),
            .. Pair(PairFeature.OnlyCandidateHasQuestionMark, PairFeature.HangulShareDifference),
        ]),
    ];

    public static Command Create()
    {
        var data = Options.Data();
        var share = new Option<double>("--share") { Description = "Share of the rooms to learn from.", DefaultValueFactory = _ => 0.3 };
        var command = new Command("ablate", "Trains the link scorer without one group of features after another.") { data, share };
        command.SetAction(result => Run(result.GetRequiredValue(data).FullName, result.GetValue(share)));
        return command;
    }

    private static void Run(string data, double share)
    {
        torch.set_num_threads(1);
        var (rooms, heldOut) = TrainingRooms.Read(data, 1, share);
        var samples = rooms.SelectMany(LinkSample.Of).ToList();
        // The logs come first: with names, then the same ones without.
        var logs = heldOut.Where(room => room.HasLinks).ToList();
        var named = logs.Take(logs.Count / 2).SelectMany(LinkSample.Of).ToList();
        var masked = logs.Skip(logs.Count / 2).SelectMany(LinkSample.Of).ToList();
        Console.WriteLine($"{samples.Count} lines to learn from; held out {named.Count} with names, {masked.Count} without; share whose likeliest answer is right");
        foreach (var (name, inputs) in Groups)
        {
            using var trainer = new LinkTrainer(1, inputs.ToHashSet());
            trainer.Train(samples, 3, 1, (_, _) => { });
            Console.WriteLine($"{name,-30} {trainer.Validate(named).Right,8:P1} {trainer.Validate(masked).Right,8:P1}");
        }
    }

    private static int[] Line(params LineFeature[] features) => Array.ConvertAll(features, feature => LineTraits.Count + (int)feature);

    private static int[] Candidate(params CandidateFeature[] features) => Array.ConvertAll(features, feature => LinkFeatures.OfLine + LineTraits.Count + (int)feature);

    private static int[] Pair(params PairFeature[] features) => Array.ConvertAll(features, feature => LinkFeatures.OfLine + LinkFeatures.OfCandidate + (int)feature);
}
