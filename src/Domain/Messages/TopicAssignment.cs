namespace AIChat.Domain.Messages;

/// <summary>The topic and the reply link that the classifier or a person gave to one message.</summary>
/// <param name="Message">The message.</param>
/// <param name="Topic">Its conversation; null: noise.</param>
/// <param name="LinkTo">The earlier message that it answers, if any.</param>
/// <param name="NgramProfile">Its n-gram profile, if it was made now; null leaves the stored one.</param>
public sealed record TopicAssignment(MessageId Message, TopicId? Topic, MessageId? LinkTo, byte[]? NgramProfile)
{
    /// <summary>
    /// The properties of the message that an assignment replaces, with their new values. Stores write exactly these, and <see cref="NgramProfile"/> unless it is null or the message
    /// is deleted.
    /// </summary>
    public static IReadOnlyList<(string Property, Func<TopicAssignment, object?> Value)> Replaced { get; } =
    [
        (nameof(Messages.Message.Classified), _ => true),
        (nameof(Messages.Message.TopicId), assignment => assignment.Topic),
        (nameof(Messages.Message.LinkTo), assignment => assignment.LinkTo),
        (nameof(Messages.Message.LinkMargin), assignment => assignment.Margin),
    ];

    /// <summary>By how much the conversation was likelier than the next best, 0 to 1; null: there was no choice, or a person made it.</summary>
    public float? Margin { get; init; }
}
