namespace AIChat.Domain.Topics;

/// <summary>Finds short names for groups of messages, each distinctive against the other groups.</summary>
public interface ITopicNamer
{
    /// <param name="groups">The groups' texts; each group has at least one text.</param>
    /// <param name="nicknames">The room's nicknames, which no name may contain.</param>
    /// <param name="taken">Names that others in the room have already (compared without case).</param>
    /// <returns>One name for each group, in the same order; no two alike.</returns>
    IReadOnlyList<TopicName> Name(IReadOnlyList<IReadOnlyList<string>> groups, IReadOnlySet<string> nicknames, IReadOnlySet<string> taken);
}

/// <summary>A name and the words that it came from, the most telling first.</summary>
public sealed record TopicName(string Name, IReadOnlyList<string> Keywords);
