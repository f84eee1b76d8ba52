using AIChat.Application.Rooms;
using AIChat.Domain.Common;
using AIChat.Domain.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Users;
using MediatR;

namespace AIChat.Application.Summaries;

/// <summary>The newest summary of a room that still holds.</summary>
public sealed record LatestSummary(RoomId Room, UserId By) : IRequest<Result<SummaryView>>;

internal sealed class LatestSummaryHandler(RoomAccess access, ISummaryRepository summaries) : IRequestHandler<LatestSummary, Result<SummaryView>>
{
    public async Task<Result<SummaryView>> Handle(LatestSummary request, CancellationToken cancellationToken)
    {
        if (!(await access.ToReadAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        return await summaries.LatestAsync(room.Id, request.By, cancellationToken) is { } stored ? SummaryView.Of(stored) : SummaryErrors.None;
    }
}
