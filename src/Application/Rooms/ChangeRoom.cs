using FluentValidation;

namespace AIChat.Application.Rooms;

/// <summary>The owner changes the room's settings; null: unchanged.</summary>
/// <param name="Digest">When its scheduled summary is written.</param>
/// <param name="TopicsBy"><c>local</c> or <c>model</c>: what finds its conversations when they are looked at again.</param>
public sealed record ChangeRoom(RoomId Room, UserId By, SummaryScheduleRequest? Digest, string? TopicsBy) : IRequest<Result<Nothing>>;

/// <param name="Cadence"><c>off</c>, <c>hourly</c> or <c>daily</c>.</param>
/// <param name="Hour">0 to 23; null: unchanged (initially 9).</param>
/// <param name="TimeZone">An IANA name; null: unchanged (initially UTC).</param>
public sealed record SummaryScheduleRequest(string? Cadence, int? Hour, string? TimeZone);

internal sealed class ChangeRoomValidator : AbstractValidator<ChangeRoom>
{
    public ChangeRoomValidator()
    {
        RuleLevelCascadeMode = CascadeMode.Stop;
        RuleFor(request => request).Must(request => request is not { Digest: null, TopicsBy: null }).WithErrorCode(RoomErrors.NothingToChange.Code).WithMessage(RoomErrors.NothingToChange.Message);
        RuleFor(request => request.TopicsBy).Must(by => by is null or "local" or "model").WithErrorCode(RoomErrors.TopicsBy.Code).WithMessage(RoomErrors.TopicsBy.Message);
        RuleFor(request => request.Digest).Must(digest => digest is null or { Cadence: "off" or "hourly" or "daily" }).WithErrorCode(RoomErrors.DigestCadence.Code).WithMessage(RoomErrors.DigestCadence.Message);
    }
}

internal sealed class ChangeRoomHandler(RoomAccess access, IRoomRepository rooms, TimeProvider time) : IRequestHandler<ChangeRoom, Result<Nothing>>
{
    public async Task<Result<Nothing>> Handle(ChangeRoom request, CancellationToken cancellationToken)
    {
        if (!(await access.ToOwnAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        if (request.Digest is { } wanted)
        {
            var current = room.Digest ?? SummarySchedule.Off;
            var cadence = Enum.Parse<SummaryCadence>(wanted.Cadence!, ignoreCase: true);
            if (!SummarySchedule.Of(cadence, wanted.Hour ?? current.Hour, wanted.TimeZone ?? current.TimeZone).Succeeded(out var schedule, out refusal))
                return refusal;
            room.ScheduleSummaries(schedule, time.GetUtcNow());
            await rooms.SaveSummaryScheduleAsync(room, CancellationToken.None);
        }

        if (request.TopicsBy is { } by)
        {
            room.FileTopicsBy(Enum.Parse<TopicsBy>(by, ignoreCase: true));
            await rooms.SaveTopicsByAsync(room, CancellationToken.None);
        }

        return Nothing.Instance;
    }
}
