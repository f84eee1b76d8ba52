using AIChat.Application.Rooms;

namespace AIChat.Application.Reads;

/// <summary>Reads the views of rooms: each with its last message and the reader's unread count.</summary>
internal static class RoomViews
{
    public static async Task<IReadOnlyList<RoomView>> OfAsync(
        IReadOnlyList<Room> rooms, UserId reader, IRoomRepository marks, IMessageRepository messages, CancellationToken cancellation)
    {
        var ids = rooms.Select(room => room.Id).ToList();
        var read = await marks.ReadMarksAsync(reader, ids, cancellation);
        var unread = await messages.UnreadAsync(reader, ids.ToDictionary(id => id, id => read.GetValueOrDefault(id)), cancellation);
        var latest = await messages.LatestAsync(ids, cancellation);
        return [.. rooms.Select(room => RoomView.Of(room, latest.TryGetValue(room.Id, out var last) ? Last(last) : null, unread.GetValueOrDefault(room.Id)))];
    }

    private static LastMessageView Last(Message message) => new(message.Id.Value, message.Nickname, message.Content ?? string.Empty, message.CreatedAt);
}
