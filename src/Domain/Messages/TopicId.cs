namespace AIChat.Domain.Messages;

/// <summary>A topic's id; it stands here, not with the topics, because a message carries the one of its conversation.</summary>
public readonly record struct TopicId(string Value)
{
    public override string ToString() => Value;
}
