namespace AIChat.Application.Rooms;

/// <summary>A room with one reader's unread count.</summary>
public sealed record RoomView(
    string ChannelId,
    string ChannelName,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    long MessageCount,
    long LastSeq,
    long Rev,
    LastMessageView? LastMessage,
    long UnreadCount,
    SummarySchedule Digest,
    TopicsBy TopicsBy)
{
    public static RoomView Of(Room room, LastMessageView? last, long unread)
        => new(room.Id.Value, room.Name, room.CreatedAt, room.CreatedBy.Value, room.MessageCount, room.LastSeq, room.Rev, last, unread, room.Digest ?? SummarySchedule.Off, room.TopicsBy);
}

/// <summary>The newest message of a room.</summary>
public sealed record LastMessageView(string Id, string Nickname, string Content, DateTimeOffset CreatedAt);
