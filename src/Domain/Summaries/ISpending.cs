namespace AIChat.Domain.Summaries;

/// <summary>What language models may cost, per person, room and month: set aside before a call, settled after it, so that calls at once cannot overspend together.</summary>
public interface ISpending
{
    /// <summary>Sets an amount aside.</summary>
    /// <param name="account">At whose expense.</param>
    /// <param name="most">The most that the call may cost.</param>
    /// <param name="cancellation">Stops before the write, never within.</param>
    /// <returns>What was set aside, or which budget is spent and when it begins anew.</returns>
    Task<Result<Reservation>> ReserveAsync(SpendingAccount account, Money most, CancellationToken cancellation);

    /// <summary>Replaces what was set aside by what the call did cost; nothing: it did not happen. A second time changes nothing.</summary>
    Task SettleAsync(Reservation reservation, Money spent, CancellationToken cancellation);
}

/// <summary>Millionths of a US dollar: whole numbers, so that sums are exact.</summary>
public readonly record struct Money(long Micros);

/// <param name="Id">Its own.</param>
/// <param name="Account">At whose expense.</param>
/// <param name="Month">The first of the month in UTC that it counts for.</param>
/// <param name="Most">What was set aside.</param>
public sealed record Reservation(string Id, SpendingAccount Account, DateOnly Month, Money Most);
