using System.Globalization;
using AIChat.Domain.Summaries;

namespace AIChat.Infrastructure.Summaries;

/// <summary>
/// Sums up what is set aside and spent, and sets aside what still fits, one call at a time: a lease in the store lets no other server do so meanwhile. Calls of a model are few and slow, so that
/// nobody notices the turn.
/// </summary>
internal sealed class Spending(ISpendingRepository entries, ILeaseRepository leases, Budgets budgets, IIdGenerator ids, TimeProvider time) : ISpending, IDisposable
{
    private const string Key = "spending";

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(30), Pause = TimeSpan.FromMilliseconds(20);

    private readonly SemaphoreSlim here = new(1);

    public async Task<Result<Reservation>> ReserveAsync(SpendingAccount account, Money most, CancellationToken cancellation)
    {
        await here.WaitAsync(cancellation);
        try
        {
            var lease = await HoldAsync(cancellation);
            try
            {
                var now = time.GetUtcNow();
                var month = new DateOnly(now.Year, now.Month, 1);
                var sums = await entries.SumsAsync(Name(month), account, cancellation);
                if (Refuses(budgets.User, sums.User, most))
                    return Spent("Your month's budget", month, now);
                if (Refuses(budgets.Room, sums.Room, most))
                    return Spent("The room's month's budget", month, now);
                if (Refuses(budgets.Total, sums.Total, most))
                    return Spent("This server's month's budget", month, now);

                // Who slept through the lease may have summed up too early.
                if (time.GetUtcNow() > lease.ExpiresAt)
                    return SummaryErrors.ModelAway;
                var reservation = new Reservation(ids.New(), account, month, most);
                await entries.AddAsync(SpendingEntry.Of(reservation.Id, account, Name(month), most, now), CancellationToken.None);
                return reservation;
            }
            finally
            {
                await leases.ReleaseAsync(lease, CancellationToken.None);
            }
        }
        finally
        {
            here.Release();
        }
    }

    public Task SettleAsync(Reservation reservation, Money spent, CancellationToken cancellation) => entries.SettleAsync(reservation.Id, spent, cancellation);

    public void Dispose() => here.Dispose();

    public static string Name(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    private static bool Refuses(Money? budget, Money sum, Money most) => budget is { } bound && sum.Micros + most.Micros > bound.Micros;

    private static Error Spent(string whose, DateOnly month, DateTimeOffset now)
    {
        var next = new DateTimeOffset(month.AddMonths(1), TimeOnly.MinValue, TimeSpan.Zero);
        return new Error("budget_spent", $"{whose} for the language model is spent; it begins anew on {next:yyyy-MM-dd} (UTC).", ErrorKind.TooMany) { RetryAfter = next - now };
    }

    private async Task<Lease> HoldAsync(CancellationToken cancellation)
    {
        // A holder of its own for each turn, so that no other turn of this process takes it for its own.
        var holder = ids.New();
        while (true)
        {
            if (await leases.AcquireAsync(Key, holder, Turn, cancellation) is { } lease)
                return lease;
            await Task.Delay(Pause, time, cancellation);
        }
    }
}
