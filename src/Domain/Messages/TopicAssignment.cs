namespace AIChat.Domain.Messages;

/// <summary>What the classifier decided about one message.</summary>
/// <param name="Message">The message.</param>
/// <param name="Topic">Its conversation; null = noise.</param>
/// <param name="LinkTo">The earlier message that it answers, if any.</param>
/// <param name="NgramProfile">Its vector, where it was made now; null leaves the stored one.</param>
public sealed record TopicAssignment(MessageId Message, TopicId? Topic, MessageId? LinkTo, byte[]? NgramProfile)
{
    /// <summary>By how much the conversation was likelier than the next best, 0 to 1; null: there was no choice, or a person made it.</summary>
    public float? Margin { get; init; }
}
