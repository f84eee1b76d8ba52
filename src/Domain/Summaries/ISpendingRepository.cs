namespace AIChat.Domain.Summaries;

public interface ISpendingRepository
{
    Task AddAsync(SpendingEntry entry, CancellationToken cancellation);

    /// <summary>Puts in what a call did cost; a second time changes nothing.</summary>
    Task SettleAsync(string id, Money spent, CancellationToken cancellation);

    /// <summary>What a month's entries add up to: of this person, of this room, of all.</summary>
    Task<SpendingSums> SumsAsync(string month, SpendingAccount account, CancellationToken cancellation);

    /// <summary>A month's entries by person and room, the dearest first.</summary>
    Task<IReadOnlyList<SpendingShare>> SharesAsync(string month, CancellationToken cancellation);
}

public readonly record struct SpendingSums(Money User, Money Room, Money Total);

/// <param name="Account">Who, and in which room.</param>
/// <param name="Calls">How many calls.</param>
/// <param name="Spent">What they cost, or may have cost.</param>
public sealed record SpendingShare(SpendingAccount Account, long Calls, Money Spent);

/// <summary>What a month may cost; null: whatever it does.</summary>
public sealed record Budgets(Money? User, Money? Room, Money? Total);
