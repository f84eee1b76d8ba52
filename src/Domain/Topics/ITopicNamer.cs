namespace AIChat.Domain.Topics;

/// <summary>Finds short names for groups of messages that distinguish each group from the others.</summary>
public interface ITopicNamer
{
    /// <param name="groups">The groups' texts; each group has at least one text.</param>
    /// <param name="nicknames">The room's nicknames, which no name may contain.</param>
    /// <param name="taken">Names of other topics in the room, compared without case.</param>
    /// <returns>One name for each group, in the same order; all different.</returns>
    IReadOnlyList<TopicName> Name(IReadOnlyList<IReadOnlyList<string>> groups, IReadOnlySet<string> nicknames, IReadOnlySet<string> taken);
}

/// <summary>A name and the keywords that it is made of, the most distinctive first.</summary>
public sealed record TopicName(string Name, IReadOnlyList<string> Keywords);
