namespace AIChat.Domain.Topics;

/// <summary>Finds short names for groups of messages that distinguish each group from the others.</summary>
public interface ITopicNamer
{
    /// <param name="groups">The groups to name.</param>
    /// <param name="nicknames">The room's nicknames, which no name may contain.</param>
    /// <param name="taken">Names of other topics in the room, compared without case.</param>
    /// <returns>One name for each group, in the same order; all different.</returns>
    IReadOnlyList<TopicName> Name(IReadOnlyList<TopicTexts> groups, IReadOnlySet<string> nicknames, IReadOnlySet<string> taken);
}

/// <summary>The texts from which a conversation or a theme gets its name.</summary>
/// <param name="Texts">What was said, in its order; at least one text.</param>
public sealed record TopicTexts(IReadOnlyList<string> Texts)
{
    /// <summary>Of a theme, the conversation of each text: it is named by what they share. Null: all are of one.</summary>
    public IReadOnlyList<int>? Conversations { get; init; }

    /// <summary>The automatic name that it has, which it keeps while no other is clearly better; null: none.</summary>
    public string? Current { get; init; }
}

/// <summary>A name and the keywords that it is made of, the most distinctive first.</summary>
public sealed record TopicName(string Name, IReadOnlyList<string> Keywords);
