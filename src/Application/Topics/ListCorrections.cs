using AIChat.Application.Common;
using AIChat.Application.Rooms;
using AIChat.Domain.Topics;
using FluentValidation;

namespace AIChat.Application.Topics;

/// <summary>Lists a room's corrections, undone ones included, newest first.</summary>
public sealed record ListCorrections(RoomId Room, UserId By, string? Cursor, int Limit) : IRequest<Result<Page<CorrectionView>>>;

internal sealed class ListCorrectionsValidator : AbstractValidator<ListCorrections>
{
    public ListCorrectionsValidator() => RuleFor(request => request.Limit).IsLimit();
}

internal sealed class ListCorrectionsHandler(RoomAccess access, ICorrectionRepository corrections) : IRequestHandler<ListCorrections, Result<Page<CorrectionView>>>
{
    public async Task<Result<Page<CorrectionView>>> Handle(ListCorrections request, CancellationToken cancellationToken)
    {
        if (!(await access.ToReadAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        long? before = null;
        if (request.Cursor is { } cursor)
        {
            if (Cursor.Read(cursor) is not (var number, ""))
                return Cursor.Bad;
            before = number;
        }

        var found = await corrections.ListAsync(CorrectionsOfRoom.Before(room.Id, before, request.Limit + 1), cancellationToken);
        var page = found.Take(request.Limit).ToList();
        return new Page<CorrectionView>([.. page.Select(CorrectionView.Of)], found.Count > page.Count ? Cursor.Of(page[^1].Number) : null);
    }
}
