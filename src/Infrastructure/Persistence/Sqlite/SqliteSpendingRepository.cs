using AIChat.Domain.Summaries;
using Microsoft.EntityFrameworkCore;

namespace AIChat.Infrastructure.Persistence.Sqlite;

internal sealed class SqliteSpendingRepository(SqliteDatabase database, SqliteWriter writer) : ISpendingRepository
{
    public Task AddAsync(SpendingEntry entry, CancellationToken cancellation) => writer.WriteAsync(async context =>
    {
        context.Add(entry);
        return await context.SaveChangesAsync(CancellationToken.None);
    });

    public Task SettleAsync(string id, Money spent, CancellationToken cancellation) => writer.WriteAsync(context => context.Spending
        .Where(entry => entry.Id == id && !entry.IsSettled)
        .ExecuteUpdateAsync(row => row.SetProperty(entry => entry.Micros, spent.Micros).SetProperty(entry => entry.IsSettled, true), CancellationToken.None));

    public Task<SpendingSums> SumsAsync(string month, SpendingAccount account, CancellationToken cancellation) => database.ReadAsync(async context =>
    {
        var entries = context.Spending.Where(entry => entry.Month == month);
        return new SpendingSums(
            new Money(await entries.Where(entry => entry.UserId == account.User).SumAsync(entry => entry.Micros, cancellation)),
            new Money(await entries.Where(entry => entry.RoomId == account.Room).SumAsync(entry => entry.Micros, cancellation)),
            new Money(await entries.SumAsync(entry => entry.Micros, cancellation)));
    });

    public Task<IReadOnlyList<SpendingShare>> SharesAsync(string month, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<SpendingShare>>(async context =>
    {
        var shares = await context.Spending.Where(entry => entry.Month == month)
            .GroupBy(entry => new { entry.UserId, entry.RoomId })
            .Select(group => new { group.Key.UserId, group.Key.RoomId, Calls = group.LongCount(), Micros = group.Sum(entry => entry.Micros) })
            .ToListAsync(cancellation);
        return [.. shares.OrderByDescending(share => share.Micros).Select(share => new SpendingShare(new SpendingAccount(share.UserId, share.RoomId), share.Calls, new Money(share.Micros)))];
    });
}
