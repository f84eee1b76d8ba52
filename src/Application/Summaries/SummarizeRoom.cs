using AIChat.Application.Rooms;

namespace AIChat.Application.Summaries;

/// <summary>Summarizes messages by topic; each point cites its messages. The same request about unchanged messages returns the stored summary.</summary>
public sealed record SummarizeRoom(RoomId Room, UserId By, int? HowMany, string? Since, string? Level, string? Language)
    : SummaryRequest(Room, By, HowMany, Since, Level, Language), IRequest<Result<SummaryView>>;

internal sealed class SummarizeRoomValidator : SummaryRequestValidator<SummarizeRoom>;

internal sealed class SummarizeRoomHandler(RoomAccess access, SummaryStreams streams) : IRequestHandler<SummarizeRoom, Result<SummaryView>>
{
    public async Task<Result<SummaryView>> Handle(SummarizeRoom request, CancellationToken cancellationToken)
    {
        if (!(await access.ToReadAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        if (!(await streams.OpenAsync(request, room, cancellationToken)).Succeeded(out var stream, out refusal))
            return refusal;
        return await stream.Events.LastAsync(cancellationToken) switch
        {
            SummaryDone { Summary: var summary } => summary,
            SummaryRefused { Why: var why } => why,
            _ => throw new InvalidOperationException("A summary stream ends with the whole summary or a refusal."),
        };
    }
}
