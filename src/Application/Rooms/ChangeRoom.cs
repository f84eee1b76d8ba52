using AIChat.Application.Reads;
using FluentValidation;

namespace AIChat.Application.Rooms;

/// <summary>The owner changes how a room works.</summary>
/// <param name="Room">Which.</param>
/// <param name="By">Who.</param>
/// <param name="Digest">When its digest is made.</param>
public sealed record ChangeRoom(RoomId Room, UserId By, SummaryScheduleRequest? Digest) : IRequest<Result<RoomView>>;

/// <param name="Cadence"><c>off</c>, <c>hourly</c> or <c>daily</c>.</param>
/// <param name="Hour">0 to 23; null: as it is, at first 9.</param>
/// <param name="TimeZone">An IANA name; null: as it is, at first UTC.</param>
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

internal sealed class ChangeRoomHandler(RoomAccess access, IRoomRepository rooms, IMessageRepository messages, TimeProvider time) : IRequestHandler<ChangeRoom, Result<RoomView>>
{
    public async Task<Result<RoomView>> Handle(ChangeRoom request, CancellationToken cancellationToken)
    {
        if (!(await access.ToOwnAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        var (wish, now) = (request.Digest!, room.Digest ?? SummarySchedule.Off);
        var cadence = Enum.Parse<SummaryCadence>(wish.Cadence!, ignoreCase: true);
        if (!SummarySchedule.Of(cadence, wish.Hour ?? now.Hour, wish.TimeZone ?? now.TimeZone).Succeeded(out var plan, out refusal))
            return refusal;
        room.ScheduleSummaries(plan, time.GetUtcNow());
        await rooms.SaveSummaryScheduleAsync(room, cancellationToken);
        return (await RoomViews.OfAsync([room], request.By, rooms, messages, CancellationToken.None))[0];
    }
}
