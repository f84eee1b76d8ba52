using AIChat.Application.Rooms;

namespace AIChat.Application.Summaries;

/// <summary>Streams a summary topic by topic and point by point while it is written.</summary>
public sealed record FollowSummary(RoomId Room, UserId By, int? HowMany, string? Since, string? Level, string? Language)
    : SummaryRequest(Room, By, HowMany, Since, Level, Language), IRequest<Result<SummaryStream>>;

internal sealed class FollowSummaryValidator : SummaryRequestValidator<FollowSummary>;

internal sealed class FollowSummaryHandler(RoomAccess access, SummaryStreams streams) : IRequestHandler<FollowSummary, Result<SummaryStream>>
{
    public async Task<Result<SummaryStream>> Handle(FollowSummary request, CancellationToken cancellationToken)
    {
        if (!(await access.ToReadAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        return await streams.OpenAsync(request, room, cancellationToken);
    }
}
