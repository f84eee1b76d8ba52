using AIChat.Application.Rooms;
using AIChat.Domain.Summaries;

namespace AIChat.Application.Summaries;

/// <summary>The room's newest summary whose messages are unchanged. <see cref="SummaryView.Stale"/> tells whether topics changed since.</summary>
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
            var current = await reader.ReadAgainAsync(room.Id, [.. view.Messages, .. view.Unread], cancellationToken);
            if (stored.Fingerprint.StartsWith(SummaryScope.HashOfWords(current.Messages) + ".", StringComparison.Ordinal))
                return view with { Stale = (current with { LeftOut = view.LeftOut }).Fingerprint != stored.Fingerprint };

            // The edit or deletion that changed a message has not dropped the summary yet, or its server stopped before it could.
            await summaries.DropCoveringAsync(room.Id, stored.FirstSeq, cancellationToken);
        }

        return SummaryErrors.None;
    }
}
