using AIChat.Domain.Common;
using AIChat.Domain.Summaries;

namespace AIChat.Evaluation;

/// <summary>No budget ends; what calls cost is added up.</summary>
internal sealed class OpenPurse : ISpending
{
    public int Calls { get; private set; }

    public Money Spent { get; private set; }

    public Task<Result<Reservation>> ReserveAsync(SpendingAccount account, Money most, CancellationToken cancellation)
    {
        Calls++;
        return Task.FromResult<Result<Reservation>>(new Reservation("r", account, new DateOnly(2026, 1, 1), most));
    }

    public Task SettleAsync(Reservation reservation, Money spent, CancellationToken cancellation)
    {
        Spent = new Money(Spent.Micros + spent.Micros);
        return Task.CompletedTask;
    }
}
