using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>Reads parts of a room's topic tree.</summary>
internal static class TopicTree
{
    /// <summary>The conversations of these messages, followed by the themes above them.</summary>
    public static Task<IReadOnlyList<Topic>> OfAsync(IEnumerable<Message> messages, RoomId room, ITopicRepository topics, CancellationToken cancellation)
        => AboveAsync(messages.Where(message => message.TopicId is not null).Select(message => message.TopicId!.Value), room, topics, cancellation);

    /// <summary>Those of the given topics that exist, followed by the themes above them.</summary>
    public static async Task<IReadOnlyList<Topic>> AboveAsync(IEnumerable<TopicId> given, RoomId room, ITopicRepository topics, CancellationToken cancellation)
    {
        var found = new List<Topic>();
        var wanted = given.ToHashSet();
        while (wanted.Count > 0)
        {
            var level = await topics.ListAsync(TopicsOfRoom.WithIds(room, wanted), cancellation);
            found.AddRange(level.Where(topic => !found.Exists(known => known.Id == topic.Id)));
            wanted = level.Where(topic => topic.ParentId is not null).Select(topic => topic.ParentId!.Value).ToHashSet();
        }

        return found;
    }
}
