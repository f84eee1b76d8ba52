using AIChat.Application.Common;
using AIChat.Application.Messages;
using AIChat.Application.Rooms;
using AIChat.Application.Topics;
using AIChat.Domain.Topics;
using FluentValidation;

namespace AIChat.Application.Reads;

/// <summary>Somebody opens a room: its newest messages and what they are about. The read mark stays where it is.</summary>
public sealed record EnterRoom(RoomId Room, UserId By, int Limit) : IRequest<Result<RoomEntered>>;

/// <param name="Room">The room.</param>
/// <param name="Messages">The newest ones, oldest first.</param>
/// <param name="Topics">The conversations that these messages are in, and the themes above them.</param>
/// <param name="LastReadSeq">How far the caller had read.</param>
/// <param name="NextCursor">For the messages before these; null: there are none.</param>
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
        var spokenOf = await TopicTree.OfAsync(page, room.Id, topics, cancellationToken);
        var marks = await rooms.ReadMarksAsync(request.By, [room.Id], cancellationToken);
        var views = await RoomViews.OfAsync([room], request.By, rooms, messages, cancellationToken);
        return new RoomEntered(
            views[0],
            [.. page.Select(MessageView.Of)],
            await TopicView.OfAsync(spokenOf, topics, cancellationToken),
            marks.GetValueOrDefault(room.Id),
            newest.Count > page.Count ? Cursor.Of(page[0].Seq, ListMessagesHandler.Backward) : null);
    }
}
