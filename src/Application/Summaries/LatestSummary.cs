using AIChat.Application.Rooms;
using AIChat.Domain.Summaries;

namespace AIChat.Application.Summaries;

/// <summary>The newest summary of a room whose words still hold; it says so where messages were filed otherwise since.</summary>
public sealed record LatestSummary(RoomId Room, UserId By) : IRequest<Result<SummaryView>>;

internal sealed class LatestSummaryHandler(RoomAccess access, ISummaryRepository summaries, SummaryReader reader) : IRequestHandler<LatestSummary, Result<SummaryView>>
{
    public async Task<Result<SummaryView>> Handle(LatestSummary request, CancellationToken cancellationToken)
    {
        if (!(await access.ToReadAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        while (await summaries.LatestAsync(room.Id, request.By, cancellationToken) is { } stored)
        {
            var view = SummaryView.Of(stored);
            var now = await reader.ReadAgainAsync(room.Id, [.. view.Messages, .. view.Unread], cancellationToken);
            if (stored.Fingerprint.StartsWith(SummaryScope.Words(now.Messages) + ".", StringComparison.Ordinal))
                return view with { Stale = (now with { LeftOut = view.LeftOut }).Fingerprint != stored.Fingerprint };

            // Whoever changed a message that it covers has not dropped it yet, or died before.
            await summaries.DropCoveringAsync(room.Id, stored.FirstSeq, cancellationToken);
        }

        return SummaryErrors.None;
    }
}
