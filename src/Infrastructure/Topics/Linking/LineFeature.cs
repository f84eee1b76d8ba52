namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>One number about the new line, its speaker and the room; in the order of the weights, after the line's <see cref="LineTrait"/>s.</summary>
internal enum LineFeature
{
    HasSpokenBefore,
    MinutesSinceSpeakerLastLine,
    LinesSinceSpeakerLastLine,
    SpeakerSaidPreviousLine,
    SpeakerLinesAmongLastFifty,
    SpeakerLastLineMentionsSomeone,
    SpeakerLastLineHasQuestionMark,

    /// <summary>Someone has mentioned the speaker since the speaker's last line.</summary>
    WasMentionedSince,

    LinesSinceMention,
    MarkedMentions,
    PlainMentions,
    HasGuessedMention,
    LinesSinceAddresseeSpoke,
    RoomSlowness,
    RoomMentionRate,

    /// <summary>Speakers of the last thirty lines, per line.</summary>
    DistinctSpeakerShare,

    MinutesSincePreviousLine,

    /// <summary>Since the thirtieth line before this one, or the oldest.</summary>
    MinutesSinceThirtiethLine,

    GreatestCosine,
    MeanCosine,
    HasEmbedding,
    GreatestSimilarity,
    MeanSimilarity,
}
