using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>Computes new names for conversations and the themes above them, and the conversations' outcomes, from their current messages.</summary>
public sealed class TopicRenamer(ITopicRepository topics, IMessageRepository messages, ITopicNamer namer, TopicOutcomes outcomes)
{
    private const int NamedFrom = 200;

    /// <returns>The existing conversations and their themes, not stored. Names that people gave are kept.</returns>
    public async Task<IReadOnlyCollection<Topic>> RenameAsync(RoomId room, IEnumerable<TopicId> conversations, CancellationToken cancellation)
    {
        var known = (await topics.ListAsync(TopicsOfRoom.All(room), cancellation)).ToDictionary(topic => topic.Id);
        var renamed = new Dictionary<TopicId, Topic>();
        foreach (var conversation in conversations)
        {
            for (var topic = known.GetValueOrDefault(conversation); topic is not null && renamed.TryAdd(topic.Id, topic); topic = topic.ParentId is { } parent ? known.GetValueOrDefault(parent) : null)
            {
                var said = await messages.ListAsync(MessagesOfRoom.After(room, 0, NamedFrom, await topics.ConversationsUnderAsync(room, topic.Id, cancellation)), cancellation);
                var nicknames = said.Select(message => message.Nickname).ToHashSet(StringComparer.OrdinalIgnoreCase);
                var taken = known.Values.Where(other => other.Level == topic.Level && other.Id != topic.Id).Select(other => other.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
                topic.NameAnew(said.Any(message => !message.IsDeleted) ? namer.Name([Said(said, topic)], nicknames, taken)[0] : new TopicName("–", []));
                if (topic.Level == TopicLevel.High)
                {
                    // A language model's tells of words that may be gone.
                    topic.Conclude(null);
                    await outcomes.ConcludeAsync(room, [topic], cancellation);
                }
            }
        }

        return renamed.Values;
    }

    private static TopicTexts Said(IReadOnlyList<Message> messages, Topic topic)
    {
        var said = messages.Where(message => !message.IsDeleted).ToList();
        var numbers = said.Select(message => message.TopicId).Distinct().Index().ToDictionary(pair => pair.Item!.Value, pair => pair.Index);
        return new TopicTexts([.. said.Select(message => message.Content!)]) { Conversations = [.. said.Select(message => numbers[message.TopicId!.Value])], Current = topic.AutomaticName };
    }
}
