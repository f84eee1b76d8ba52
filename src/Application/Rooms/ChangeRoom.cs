using FluentValidation;

namespace AIChat.Application.Rooms;

/// <summary>The owner changes when the room's scheduled summary is written.</summary>
public sealed record ChangeRoom(RoomId Room, UserId By, SummaryScheduleRequest? Digest) : IRequest<Result<Nothing>>;

/// <param name="Cadence"><c>off</c>, <c>hourly</c> or <c>daily</c>.</param>
/// <param name="Hour">0 to 23; null: unchanged (initially 9).</param>
/// <param name="TimeZone">An IANA name; null: unchanged (initially UTC).</param>
public sealed record SummaryScheduleRequest(string? Cadence, int? Hour, string? TimeZone);

internal sealed class ChangeRoomValidator : AbstractValidator<ChangeRoom>
{
    public ChangeRoomValidator()
    {
        RuleLevelCascadeMode = CascadeMode.Stop;
        RuleFor(request => request.Digest).NotNull().WithErrorCode(RoomErrors.NothingToChange.Code).WithMessage(RoomErrors.NothingToChange.Message)
            .Must(digest => digest!.Cadence is "off" or "hourly" or "daily").WithErrorCode(RoomErrors.DigestCadence.Code).WithMessage(RoomErrors.DigestCadence.Message);
    }
}

internal sealed class ChangeRoomHandler(RoomAccess access, IRoomRepository rooms, TimeProvider time) : IRequestHandler<ChangeRoom, Result<Nothing>>
{
    public async Task<Result<Nothing>> Handle(ChangeRoom request, CancellationToken cancellationToken)
    {
        if (!(await access.ToOwnAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        var (wanted, current) = (request.Digest!, room.Digest ?? SummarySchedule.Off);
        var cadence = Enum.Parse<SummaryCadence>(wanted.Cadence!, ignoreCase: true);
        if (!SummarySchedule.Of(cadence, wanted.Hour ?? current.Hour, wanted.TimeZone ?? current.TimeZone).Succeeded(out var schedule, out refusal))
            return refusal;
        room.ScheduleSummaries(schedule, time.GetUtcNow());
        await rooms.SaveSummaryScheduleAsync(room, cancellationToken);
        return Nothing.Instance;
    }
}
