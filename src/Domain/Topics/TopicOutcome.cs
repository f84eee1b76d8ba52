using AIChat.Domain.Messages;

namespace AIChat.Domain.Topics;

/// <summary>What a conversation came to: what was decided, done or left open.</summary>
/// <param name="Text">One short line.</param>
/// <param name="Citations">The messages of the conversation that say so, oldest first; at least one.</param>
public sealed record TopicOutcome(string Text, IReadOnlyList<MessageId> Citations)
{
    /// <summary>The number of the last message that a language model knew when it said so; 0: found by this server.</summary>
    public long UpTo { get; init; }

    public bool Equals(TopicOutcome? other) => other is not null && Text == other.Text && UpTo == other.UpTo && Citations.SequenceEqual(other.Citations);

    public override int GetHashCode() => HashCode.Combine(Text, Citations.Count);
}
