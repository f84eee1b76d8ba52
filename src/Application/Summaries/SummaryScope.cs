using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AIChat.Application.Topics;
using AIChat.Domain.Topics;

namespace AIChat.Application.Summaries;

/// <summary>The messages that a summary covers and their topics, as they are stored now.</summary>
/// <param name="Messages">Oldest first, without deleted messages and those withheld from a remote model.</param>
/// <param name="LeftOut">Number of messages withheld from a remote model.</param>
/// <param name="Tree">The messages' conversations and the themes above them.</param>
internal sealed record SummaryScope(IReadOnlyList<Message> Messages, int LeftOut, IReadOnlyDictionary<TopicId, Topic> Tree)
{
    /// <summary>The topic of each message at each level; null: noise.</summary>
    public LevelsOf<IReadOnlyList<Topic?>> Topics { get; } = LevelsOf<IReadOnlyList<Topic?>>.From(level => [.. Messages.Select(message => TopicAt(level, message.TopicId, Tree))]);

    /// <summary>Hash of the words, a dot, hash of the topics. It differs as soon as a message or a topic changes.</summary>
    public string Fingerprint => $"{HashOfWords(Messages)}.{Hash(DescribeTopics())}";

    /// <summary>A hash of ids and edit times.</summary>
    public static string HashOfWords(IEnumerable<Message> messages)
        => Hash(string.Concat(messages.Select(message => string.Create(CultureInfo.InvariantCulture, $"{message.Id} {message.EditedAt?.UtcTicks}\n"))));

    /// <summary>Topic numbers from 0 in order of first appearance; −1: noise.</summary>
    public static IReadOnlyList<int> Number(IReadOnlyList<Topic?> topics)
    {
        var numbers = new Dictionary<TopicId, int>();
        return [.. topics.Select(topic => topic is null ? -1 : numbers.TryGetValue(topic.Id, out var known) ? known : numbers[topic.Id] = numbers.Count)];
    }

    /// <summary>The messages of each topic of a level.</summary>
    public IEnumerable<SummaryGroup> Groups(TopicLevel level, string language, string engine)
    {
        var numbers = Number(Topics.At(level));
        foreach (var group in Enumerable.Range(0, Messages.Count).Where(i => numbers[i] >= 0).GroupBy(i => numbers[i]))
        {
            List<Message> members = [.. group.Select(i => Messages[i])];
            yield return new SummaryGroup(level, group.Key, Topics.At(level)[group.First()]!, members, Hash($"2 {members[0].RoomId} {language} {engine} {HashOfWords(members)}"));
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static Topic? TopicAt(TopicLevel level, TopicId? conversation, IReadOnlyDictionary<TopicId, Topic> tree)
    {
        var topic = conversation is { } id ? tree.GetValueOrDefault(id) : null;
        while (topic is not null && topic.Level != level)
            topic = topic.ParentId is { } parent ? tree.GetValueOrDefault(parent) : null;
        return topic;
    }

    private string DescribeTopics()
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{LeftOut}\n"));
        foreach (var message in Messages)
            text.Append(CultureInfo.InvariantCulture, $"{message.TopicId}\n");
        foreach (var topic in Tree.Values.OrderBy(topic => topic.Id.Value, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"{topic.Id} {topic.ParentId} {topic.Name}\n");
        return text.ToString();
    }
}

/// <param name="Level">The topic's level.</param>
/// <param name="Number">The topic's number within the level, from 0.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Messages">Oldest first.</param>
/// <param name="Key">Equal for equal words, language and engine; the key of the stored part. Parts of an earlier form are not found by it.</param>
internal sealed record SummaryGroup(TopicLevel Level, int Number, Topic Topic, IReadOnlyList<Message> Messages, string Key)
{
    public string IdOf(int line) => Messages[line].Id.Value;
}
