namespace AIChat.Application.Summaries;

/// <summary>
/// Makes the digests of periods that are over. Running it twice, here or on several servers at once, makes none twice: a room's is made under a lease, and it has the room's and the period's
/// name, under which it is stored once.
/// </summary>
public sealed record WriteScheduledSummaries : IRequest<Result<Nothing>>;

internal sealed class WriteScheduledSummariesHandler(IRoomRepository rooms, ILeaseRepository leases, SummaryReader reader, SummaryAnswers answers, IIdGenerator ids, TimeProvider time) : IRequestHandler<WriteScheduledSummaries, Result<Nothing>>
{
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromMinutes(5);

    public async Task<Result<Nothing>> Handle(WriteScheduledSummaries request, CancellationToken cancellationToken)
    {
        foreach (var room in await rooms.ListAsync(new RoomsWithSummarySchedule(), cancellationToken))
        {
            if (IsDue(room, out _) && await leases.AcquireAsync(RoomLease.SummariesOf(room.Id), ids.New(), LeaseDuration, cancellationToken) is { } lease)
            {
                try
                {
                    // As it stands now: until the lease was ours, another server may have made it.
                    if (await rooms.FindAsync(room.Id, cancellationToken) is { } now && IsDue(now, out var period))
                        await SendAsync(now, period!, cancellationToken);
                }
                finally
                {
                    await leases.ReleaseAsync(lease, CancellationToken.None);
                }
            }
        }

        return Nothing.Instance;
    }

    private bool IsDue(Room room, out SummaryPeriod? period)
        => (period = room.Digest?.LastBefore(time.GetUtcNow())) is not null && room.DigestedUpTo < period.Until;

    /// <summary>What does not come to an end is tried again the next time.</summary>
    private async Task SendAsync(Room room, SummaryPeriod period, CancellationToken cancellation)
    {
        var question = new SummarizeRoom(room.Id, room.CreatedBy, null, null, null, null) { Period = period };
        if ((await reader.ReadAsync(question, cancellation)).Messages.Count > 0
            && !((await answers.FollowAsync(question, room, cancellation)).Succeeded(out var making, out _) && await making.Events.LastAsync(cancellation) is SummaryDone))
            return;
        await rooms.MarkDigestedAsync(room.Id, period.Until, CancellationToken.None);
    }
}
