using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;

namespace AIChat.Domain.Topics;

/// <summary>A room's topics, the most recently spoken of first.</summary>
public sealed class TopicsOfRoom : Specification<Topic>
{
    private TopicsOfRoom(RoomId room)
    {
        Query.Where(topic => topic.RoomId == room);
        Query.OrderByDescending(topic => topic.LastSeq).ThenBy(topic => topic.Level).ThenBy(topic => topic.Id);
    }

    public static TopicsOfRoom All(RoomId room) => new(room);

    public static TopicsOfRoom WithIds(RoomId room, IReadOnlyCollection<TopicId> ids)
    {
        var some = new TopicsOfRoom(room);
        var wanted = ids.ToList();
        some.Query.Where(topic => wanted.Contains(topic.Id));
        return some;
    }

    /// <summary>A page, after a position in the order. A level's topics never share a last message; topics of different levels do, coarse ones first.</summary>
    public static TopicsOfRoom Page(RoomId room, TopicLevel? level, (long LastSeq, TopicLevel Level)? after, int limit)
    {
        var page = new TopicsOfRoom(room);
        page.Query.Where(topic => topic.MessageCount > 0);
        if (level is { } only)
            page.Query.Where(topic => topic.Level == only);
        if (after is var (seq, above))
            page.Query.Where(topic => topic.LastSeq < seq || (topic.LastSeq == seq && topic.Level > above));
        page.Query.Take(limit);
        return page;
    }
}
