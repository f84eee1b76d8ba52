using AIChat.Application.Common;
using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>Stores the names that a language model gave to topics. Keywords stay, and so do names that people gave.</summary>
internal sealed class ModelGivenTopicNames(RoomLeases leases, OnlineClassifierCache classifiers, ITopicRepository topics, EventPublisher events)
{
    /// <returns>Whether a topic was renamed.</returns>
    public async Task<bool> StoreAsync(RoomId room, IReadOnlyDictionary<TopicId, string> given, CancellationToken cancellation)
    {
        if (given.Count == 0)
            return false;
        using (var held = await leases.EnterAsync(room, cancellation))
        {
            // Another node classifies this room: the names wait for the next summary.
            if (held is null)
                return false;
            var renamed = Renamed(await topics.ListAsync(TopicsOfRoom.All(room), cancellation), given);
            if (renamed.Count == 0)
                return false;
            if (!await topics.SaveAssignmentsAsync(held.Lease, [], renamed, CancellationToken.None))
            {
                held.MarkLost();
                return false;
            }

            classifiers.Forget(room);
        }

        await events.PublishAsync(new MessagesAssigned(room, [], SetChanged: true));
        return true;
    }

    private static List<Topic> Renamed(IReadOnlyList<Topic> known, IReadOnlyDictionary<TopicId, string> given)
    {
        var renamed = new List<Topic>();
        foreach (var level in known.GroupBy(topic => topic.Level))
        {
            var taken = level.Select(topic => topic.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (var topic in level.Where(topic => topic.NameSource != NameSource.User && given.ContainsKey(topic.Id)))
            {
                if (!Topic.NameOf(given[topic.Id]).Succeeded(out var name, out _) || !taken.Add(name))
                    continue;
                topic.Call(name);
                renamed.Add(topic);
            }
        }

        return renamed;
    }
}
