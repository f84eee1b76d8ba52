namespace AIChat.Domain.Summaries;

public interface ISpendingRepository
{
    Task AddAsync(SpendingEntry entry, CancellationToken cancellation);

    /// <summary>Stores the actual cost of a call; settling again changes nothing.</summary>
    Task SettleAsync(string id, Money spent, CancellationToken cancellation);

    /// <summary>The sums of a month's entries: of this person, of this room, of all.</summary>
    Task<SpendingSums> SumsAsync(string month, SpendingAccount account, CancellationToken cancellation);

    /// <summary>A month's entries by person and room, the most expensive first.</summary>
    Task<IReadOnlyList<SpendingShare>> SharesAsync(string month, CancellationToken cancellation);
}

public readonly record struct SpendingSums(Money User, Money Room, Money Total);

/// <param name="Account">The person and the room.</param>
/// <param name="Calls">The number of calls.</param>
/// <param name="Spent">Their actual cost, or the reserved amount where a call was not settled.</param>
public sealed record SpendingShare(SpendingAccount Account, long Calls, Money Spent);

/// <summary>The budgets of a month; null: unlimited.</summary>
public sealed record Budgets(Money? User, Money? Room, Money? Total);
