using AIChat.Application.Common;
using AIChat.Application.Rooms;
using FluentValidation;

namespace AIChat.Application.Reads;

/// <summary>Lists rooms, the most recently active first; <paramref name="Named"/> is a part of the name.</summary>
public sealed record ListRooms(UserId By, string? Named, string? Cursor, int Limit) : IRequest<Result<Page<RoomView>>>;

internal sealed class ListRoomsValidator : AbstractValidator<ListRooms>
{
    public ListRoomsValidator() => RuleFor(request => request.Limit).IsLimit();
}

internal sealed class ListRoomsHandler(IRoomRepository rooms, IMessageRepository messages) : IRequestHandler<ListRooms, Result<Page<RoomView>>>
{
    public async Task<Result<Page<RoomView>>> Handle(ListRooms request, CancellationToken cancellationToken)
    {
        (DateTimeOffset, RoomId)? after = null;
        if (request.Cursor is { } cursor)
        {
            if (Cursor.Read(cursor) is not var (ticks, id) || ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks)
                return Cursor.Bad;
            after = (new DateTimeOffset(ticks, TimeSpan.Zero), new RoomId(id));
        }

        var found = await rooms.ListAsync(new RoomsByActivity(request.Named, after, request.Limit + 1), cancellationToken);
        var page = found.Take(request.Limit).ToList();
        var views = await RoomViews.OfAsync(page, request.By, rooms, messages, cancellationToken);
        return new Page<RoomView>(views, found.Count > page.Count ? Cursor.Of(page[^1].LastActiveAt.UtcTicks, page[^1].Id) : null);
    }
}
