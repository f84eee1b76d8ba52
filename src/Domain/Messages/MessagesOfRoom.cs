using AIChat.Domain.Rooms;

namespace AIChat.Domain.Messages;

/// <summary>A page of a room's messages by number, tombstones included.</summary>
public sealed class MessagesOfRoom : Specification<Message>
{
    private MessagesOfRoom(RoomId room, IReadOnlyCollection<TopicId>? topics)
    {
        Query.Where(message => message.RoomId == room);
        if (topics is null)
            return;
        var any = topics.Select(topic => (TopicId?)topic).ToList();
        Query.Where(message => any.Contains(message.TopicId));
    }

    /// <summary>The newest ones before a number (null: before the end), newest first.</summary>
    public static MessagesOfRoom Before(RoomId room, long? seq, int limit, IReadOnlyCollection<TopicId>? topics = null)
    {
        var page = new MessagesOfRoom(room, topics);
        if (seq is { } bound)
            page.Query.Where(message => message.Seq < bound);
        page.Query.OrderByDescending(message => message.Seq);
        page.Query.Take(limit);
        return page;
    }

    /// <summary>The oldest ones after a number, oldest first.</summary>
    public static MessagesOfRoom After(RoomId room, long seq, int limit, IReadOnlyCollection<TopicId>? topics = null)
    {
        var page = new MessagesOfRoom(room, topics);
        page.Query.Where(message => message.Seq > seq);
        page.Query.OrderBy(message => message.Seq);
        page.Query.Take(limit);
        return page;
    }

    /// <summary>The newest messages that are not deleted, after a number and, if a time is given, not older than it; newest first.</summary>
    public static MessagesOfRoom NotDeleted(RoomId room, long after, DateTimeOffset? since, int limit)
    {
        var page = new MessagesOfRoom(room, null);
        page.Query.Where(message => message.DeletedAt == null);
        if (after > 0)
            page.Query.Where(message => message.Seq > after);
        if (since is { } from)
            page.Query.Where(message => message.CreatedAt >= from);
        page.Query.OrderByDescending(message => message.Seq);
        page.Query.Take(limit);
        return page;
    }

    /// <summary>The messages with these numbers, in order.</summary>
    public static MessagesOfRoom BySeq(RoomId room, IReadOnlyCollection<long> seqs)
    {
        var some = new MessagesOfRoom(room, null);
        var any = seqs.ToList();
        some.Query.Where(message => any.Contains(message.Seq));
        some.Query.OrderBy(message => message.Seq);
        some.Query.Take(any.Count);
        return some;
    }

    /// <summary>The oldest messages that are not classified, oldest first.</summary>
    public static MessagesOfRoom Unclassified(RoomId room, int limit)
    {
        var page = new MessagesOfRoom(room, null);
        page.Query.Where(message => !message.Classified);
        page.Query.OrderBy(message => message.Seq);
        page.Query.Take(limit);
        return page;
    }

    /// <summary>Messages after a number that are noise and not deleted.</summary>
    public static MessagesOfRoom Noise(RoomId room, long after)
    {
        var some = new MessagesOfRoom(room, null);
        some.Query.Where(message => message.Seq > after && message.DeletedAt == null && message.Classified && message.TopicId == null);
        return some;
    }

    /// <summary>Messages after a number that are not deleted and whose margin is below a bound, the smallest margin first.</summary>
    public static MessagesOfRoom LowMargin(RoomId room, long after, float below, int limit)
    {
        var some = new MessagesOfRoom(room, null);
        some.Query.Where(message => message.Seq > after && message.DeletedAt == null && message.LinkMargin != null && message.LinkMargin < below);
        some.Query.OrderBy(message => message.LinkMargin).ThenBy(message => message.Seq);
        some.Query.Take(limit);
        return some;
    }
}
