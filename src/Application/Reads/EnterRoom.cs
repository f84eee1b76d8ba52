using AIChat.Application.Common;
using AIChat.Application.Messages;
using AIChat.Application.Rooms;
using AIChat.Application.Topics;
using AIChat.Domain.Topics;
using FluentValidation;

namespace AIChat.Application.Reads;

/// <summary>Reads what a client shows when it opens a room: the newest messages and their topics. The read mark does not move.</summary>
public sealed record EnterRoom(RoomId Room, UserId By, int Limit) : IRequest<Result<RoomEntered>>;

/// <param name="Room">The room.</param>
/// <param name="Messages">The newest messages, oldest first.</param>
/// <param name="Topics">The conversations of these messages and the themes above them.</param>
/// <param name="LastReadSeq">The caller's read mark.</param>
/// <param name="NextCursor">Cursor for the messages before these; null: there are none.</param>
public sealed record RoomEntered(RoomView Room, IReadOnlyList<MessageView> Messages, IReadOnlyList<TopicView> Topics, long LastReadSeq, string? NextCursor);

internal sealed class EnterRoomValidator : AbstractValidator<EnterRoom>
{
    public EnterRoomValidator() => RuleFor(request => request.Limit).IsLimit();
}

internal sealed class EnterRoomHandler(RoomAccess access, IRoomRepository rooms, IMessageRepository messages, ITopicRepository topics)
    : IRequestHandler<EnterRoom, Result<RoomEntered>>
{
    public async Task<Result<RoomEntered>> Handle(EnterRoom request, CancellationToken cancellationToken)
    {
        if (!(await access.ToReadAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        var newest = await messages.ListAsync(MessagesOfRoom.Before(room.Id, null, request.Limit + 1), cancellationToken);
        var page = newest.Take(request.Limit).Reverse().ToList();
        var current = await TopicTree.OfAsync(page, room.Id, topics, cancellationToken);
        var marks = await rooms.ReadMarksAsync(request.By, [room.Id], cancellationToken);
        var views = await RoomViews.OfAsync([room], request.By, rooms, messages, cancellationToken);
        return new RoomEntered(
            views[0],
            [.. page.Select(message => MessageView.Of(message, request.By))],
            await TopicView.OfAsync(current, topics, cancellationToken),
            marks.GetValueOrDefault(room.Id),
            newest.Count > page.Count ? Cursor.Of(page[0].Seq, ListMessagesHandler.Backward) : null);
    }
}
