namespace AIChat.Domain.Topics;

/// <summary>Where a topic's name comes from.</summary>
public enum NameSource
{
    /// <summary>The words of the topic.</summary>
    Auto,

    /// <summary>A person; such a name is never overwritten.</summary>
    User,

    /// <summary>A language model; the name is kept while the topic is there and none of its words is changed.</summary>
    Model,
}
