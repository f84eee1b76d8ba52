namespace AIChat.Domain.Summaries;

/// <summary>The budget of language models for each person, room and month. A call reserves its highest cost first and settles the actual cost afterwards, so that concurrent calls cannot overspend together.</summary>
public interface ISpending
{
    /// <summary>Reserves an amount.</summary>
    /// <param name="account">The person and the room that pay.</param>
    /// <param name="most">The most that the call may cost.</param>
    /// <param name="cancellation">Stops before the write, never within.</param>
    /// <returns>The reservation, or which budget is spent and when the next month begins.</returns>
    Task<Result<Reservation>> ReserveAsync(SpendingAccount account, Money most, CancellationToken cancellation);

    /// <summary>Replaces the reserved amount by the actual cost; 0: the call did not happen. Settling again changes nothing.</summary>
    Task SettleAsync(Reservation reservation, Money spent, CancellationToken cancellation);
}

/// <summary>Millionths of a US dollar: whole numbers, so that sums are exact.</summary>
public readonly record struct Money(long Micros);

/// <param name="Id">The id.</param>
/// <param name="Account">The person and the room that pay.</param>
/// <param name="Month">The first of the month in UTC that it counts for.</param>
/// <param name="Most">The reserved amount.</param>
public sealed record Reservation(string Id, SpendingAccount Account, DateOnly Month, Money Most);
