namespace AIChat.Domain.Topics;

/// <summary>The counters of a topic, or what some messages add to them.</summary>
/// <param name="MessageCount">Messages that are not deleted.</param>
/// <param name="FirstSeq">The lowest number, deleted messages included.</param>
/// <param name="LastSeq">The highest number, deleted messages included.</param>
/// <param name="FirstAt">The earliest time.</param>
/// <param name="LastAt">The latest time.</param>
public readonly record struct TopicCount(long MessageCount, long FirstSeq, long LastSeq, DateTimeOffset FirstAt, DateTimeOffset LastAt)
{
    /// <summary>One message.</summary>
    public static TopicCount Of(long seq, DateTimeOffset at, bool isDeleted) => new(isDeleted ? 0 : 1, seq, seq, at, at);

    /// <summary>Adds a count to a topic's.</summary>
    public static void Add(IDictionary<string, TopicCount> counts, string topicId, TopicCount count)
        => counts[topicId] = counts.TryGetValue(topicId, out var sum) ? sum.With(count) : count;

    public TopicCount With(TopicCount other) => new(
        MessageCount + other.MessageCount,
        Math.Min(FirstSeq, other.FirstSeq),
        Math.Max(LastSeq, other.LastSeq),
        FirstAt <= other.FirstAt ? FirstAt : other.FirstAt,
        LastAt >= other.LastAt ? LastAt : other.LastAt);
}
