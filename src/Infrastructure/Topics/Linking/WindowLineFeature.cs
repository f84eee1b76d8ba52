namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>One number about a line of a window, after its <see cref="LineTrait"/>s, in the order of the weights.</summary>
internal enum WindowLineFeature
{
    /// <summary>ln P(the line opens a conversation), by the link scores.</summary>
    Opens,

    MentionsSomeone,
    EarlierLinesOfSpeaker,
    MinutesSincePreviousLine,
    MinutesToNextLine,
    RoomMentionRate,
    RoomSlowness,
    HasEmbedding,
}
