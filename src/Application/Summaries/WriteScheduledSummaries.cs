namespace AIChat.Application.Summaries;

/// <summary>
/// Writes the scheduled summaries of periods that have ended. Running it twice, even on several servers at once, writes none twice: each is written under a lease,
/// and its id is made of room and period.
/// </summary>
public sealed record WriteScheduledSummaries : IRequest<Result<Nothing>>;

internal sealed class WriteScheduledSummariesHandler(IRoomRepository rooms, ILeaseRepository leases, SummaryReader reader, SummaryStreams streams, IIdGenerator ids, TimeProvider time)
    : IRequestHandler<WriteScheduledSummaries, Result<Nothing>>
{
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromMinutes(5);

    public async Task<Result<Nothing>> Handle(WriteScheduledSummaries request, CancellationToken cancellationToken)
    {
        foreach (var room in await rooms.ListAsync(new RoomsWithSummarySchedule(), cancellationToken))
        {
            if (DuePeriod(room) is null || await leases.AcquireAsync(RoomLease.SummariesOf(room.Id), ids.New(), LeaseDuration, cancellationToken) is not { } lease)
                continue;
            try
            {
                // Read again under the lease: another server may have written it meanwhile.
                if (await rooms.FindAsync(room.Id, cancellationToken) is { } current && DuePeriod(current) is { } period)
                    await WriteAsync(current, period, cancellationToken);
            }
            finally
            {
                await leases.ReleaseAsync(lease, CancellationToken.None);
            }
        }

        return Nothing.Instance;
    }

    private SummaryPeriod? DuePeriod(Room room) => room.Digest?.LastBefore(time.GetUtcNow()) is { } period && room.DigestedUpTo < period.Until ? period : null;

    /// <summary>A period whose summary fails is tried again by the next run.</summary>
    private async Task WriteAsync(Room room, SummaryPeriod period, CancellationToken cancellation)
    {
        var request = new SummarizeRoom(room.Id, room.CreatedBy, null, null, null, null) { Period = period };
        if ((await reader.ReadAsync(request, cancellation)).Messages.Count > 0
            && !((await streams.OpenAsync(request, room, cancellation)).Succeeded(out var stream, out _) && await stream.Events.LastAsync(cancellation) is SummaryDone))
            return;
        await rooms.MarkDigestedAsync(room.Id, period.Until, CancellationToken.None);
    }
}
