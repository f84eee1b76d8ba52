using AIChat.Domain.Messages;

namespace AIChat.Domain.Topics;

/// <summary>A topic as it was before a correction, to be brought back when the correction is undone.</summary>
public sealed record FormerTopic(TopicId TopicId, TopicLevel Level, TopicId? ParentId, string Name, NameSource NameSource, IReadOnlyList<string> Keywords);
