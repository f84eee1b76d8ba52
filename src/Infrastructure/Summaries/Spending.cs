using System.Globalization;
using AIChat.Domain.Summaries;

namespace AIChat.Infrastructure.Summaries;

/// <summary>
/// Reserves the cost of a call if the budgets allow it. Reservations are serialized over all servers by a lease in the store; calls of a model are few and slow, so the
/// wait does not matter.
/// </summary>
internal sealed class Spending(ISpendingRepository entries, ILeaseRepository leases, Budgets budgets, IIdGenerator ids, TimeProvider time) : ISpending, IDisposable
{
    private const string Key = "spending";

    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(30), RetryPause = TimeSpan.FromMilliseconds(20);

    private readonly SemaphoreSlim _gate = new(1);

    public async Task<Result<Reservation>> ReserveAsync(SpendingAccount account, Money most, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            var lease = await HoldAsync(cancellation);
            try
            {
                var now = time.GetUtcNow();
                var month = new DateOnly(now.Year, now.Month, 1);
                var sums = await entries.SumsAsync(Name(month), account, cancellation);
                if (Exceeds(budgets.User, sums.User, most))
                    return BudgetSpent("Your month's budget", month, now);
                if (Exceeds(budgets.Room, sums.Room, most))
                    return BudgetSpent("The room's month's budget", month, now);
                if (Exceeds(budgets.Total, sums.Total, most))
                    return BudgetSpent("This server's month's budget", month, now);

                // If the lease expired meanwhile, another server may have added entries since they were summed.
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
            _gate.Release();
        }
    }

    public Task SettleAsync(Reservation reservation, Money spent, CancellationToken cancellation) => entries.SettleAsync(reservation.Id, spent, cancellation);

    public void Dispose() => _gate.Dispose();

    public static string Name(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    private static bool Exceeds(Money? budget, Money sum, Money most) => budget is { } bound && sum.Micros + most.Micros > bound.Micros;

    private static Error BudgetSpent(string whose, DateOnly month, DateTimeOffset now)
    {
        var next = new DateTimeOffset(month.AddMonths(1), TimeOnly.MinValue, TimeSpan.Zero);
        return new Error("budget_spent", $"{whose} for the language model is spent; the next one begins on {next:yyyy-MM-dd} (UTC).", ErrorKind.TooMany) { RetryAfter = next - now };
    }

    private async Task<Lease> HoldAsync(CancellationToken cancellation)
    {
        // A new holder for each reservation, so that two of this process exclude each other.
        var holder = ids.New();
        while (true)
        {
            if (await leases.AcquireAsync(Key, holder, LeaseDuration, cancellation) is { } lease)
                return lease;
            await Task.Delay(RetryPause, time, cancellation);
        }
    }
}
