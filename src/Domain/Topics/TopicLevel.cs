namespace AIChat.Domain.Topics;

/// <summary>How coarse a topic is: <see cref="Low"/> = broad theme, <see cref="Mid"/>, <see cref="High"/> = one conversation.</summary>
public enum TopicLevel
{
    Low,
    Mid,
    High,
}
