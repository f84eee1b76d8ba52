using System.Globalization;
using AIChat.Domain.Common;
using AIChat.Domain.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Users;
using AIChat.Infrastructure.Summaries;

namespace AIChat.Infrastructure.Tests.Persistence;

public abstract class SpendingStoreContract(StoreFixture store) : StoreContract(store)
{
    private static readonly SpendingAccount Ann = new(new UserId("ann"), new RoomId("lobby"));
    private static readonly SpendingAccount Bob = new(new UserId("bob"), new RoomId("lobby"));
    private static readonly SpendingAccount AnnElsewhere = new(new UserId("ann"), new RoomId("attic"));

    [Fact]
    public async Task Sums_are_of_a_month_by_person_by_room_and_of_all()
    {
        await AddAsync("1", Ann, "2026-01", 5);
        await AddAsync("2", Bob, "2026-01", 7);
        await AddAsync("3", AnnElsewhere, "2026-01", 11);
        await AddAsync("4", Ann, "2026-02", 100);
        Assert.Equal(new SpendingSums(new Money(16), new Money(12), new Money(23)), await Store.Spending.SumsAsync("2026-01", Ann, Never));
        Assert.Equal(default, await Store.Spending.SumsAsync("2025-12", Ann, Never));
        Assert.Equal([(11, AnnElsewhere), (7, Bob), (5, Ann)], (await Store.Spending.SharesAsync("2026-01", Never)).Select(share => ((int)share.Spent.Micros, share.Account)));
    }

    [Fact]
    public async Task An_entry_is_settled_once()
    {
        await AddAsync("1", Ann, "2026-01", 50);
        await Store.Spending.SettleAsync("1", new Money(20), Never);
        await Store.Spending.SettleAsync("1", new Money(9), Never);
        await Store.Spending.SettleAsync("unknown", new Money(9), Never);
        Assert.Equal(20, (await Store.Spending.SumsAsync("2026-01", Ann, Never)).Total.Micros);
    }

    [Theory]
    [InlineData("user")]
    [InlineData("room")]
    [InlineData("total")]
    public async Task What_is_set_aside_counts_until_it_is_settled_and_a_refusal_says_when_the_budget_begins_anew(string which)
    {
        var hundred = new Money(100);
        using var spending = Spending(new Budgets(which == "user" ? hundred : null, which == "room" ? hundred : null, which == "total" ? hundred : null));
        var first = Expect.Value(await spending.ReserveAsync(Ann, new Money(60), Never));
        Assert.True((await spending.ReserveAsync(Ann, new Money(60), Never)).Succeeded(out _, out var refusal) is false);
        Assert.Equal(("budget_spent", ErrorKind.TooMany), (refusal!.Code, refusal.Kind));
        Assert.Equal(new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero) - Store.Now, refusal.RetryAfter);
        await spending.SettleAsync(first, new Money(10), Never);
        Expect.Value(await spending.ReserveAsync(Ann, new Money(60), Never));
        Store.Time.Advance(refusal.RetryAfter!.Value);
        Expect.Value(await spending.ReserveAsync(Ann, new Money(100), Never));
    }

    /// <remarks><c>AICHAT_SPENDING_RUNS</c>: how often; a few times by default.</remarks>
    [Fact]
    public async Task Fifty_at_once_on_two_servers_never_overspend()
    {
        var runs = int.Parse(Environment.GetEnvironmentVariable("AICHAT_SPENDING_RUNS") ?? "3", CultureInfo.InvariantCulture);
        var budgets = new Budgets(null, new Money(1_000), null);

        // They wait for a turn by the store's clock.
        Store.Time.PassesOver = TimeSpan.FromMilliseconds(20);
        using var here = Spending(budgets);
        using var there = Spending(budgets);
        for (var run = 0; run < runs; run++)
        {
            var account = Ann with { Room = new RoomId($"room {run}") };
            var granted = await FiftyAsync(account, here, there);
            Assert.Equal(10, granted.Count);
            Assert.Equal(1_000, (await SumAsync(account)).Micros);

            // What half of the calls did not need can be had again, and no more.
            foreach (var settled in granted.Take(5))
                await Task.WhenAll(here.SettleAsync(settled, new Money(40), Never), there.SettleAsync(settled, new Money(40), Never));
            Assert.Equal(700, (await SumAsync(account)).Micros);
            Assert.Equal(3, (await FiftyAsync(account, here, there)).Count);
            Assert.Equal(1_000, (await SumAsync(account)).Micros);
        }

        Assert.Equal(runs * 1_000, (await Store.Spending.SumsAsync("2026-01", Ann, Never)).Total.Micros);
    }

    private async Task<List<Reservation>> FiftyAsync(SpendingAccount account, Spending here, Spending there)
    {
        var asked = Enumerable.Range(0, 50).Select(n => Task.Run(() => (n % 2 == 0 ? here : there).ReserveAsync(account with { User = n % 3 == 0 ? Ann.User : Bob.User }, new Money(100), Never))).ToList();
        var answers = await Task.WhenAll(asked);
        return [.. answers.Select(answer => answer.Value).OfType<Reservation>()];
    }

    private async Task<Money> SumAsync(SpendingAccount account) => (await Store.Spending.SumsAsync("2026-01", account, Never)).Room;

    private Spending Spending(Budgets budgets) => new(Store.Spending, Store.Leases, budgets, new CountedIds(Store), Store.Time);

    private Task AddAsync(string id, SpendingAccount account, string month, long micros) => Store.Spending.AddAsync(SpendingEntry.Of(id, account, month, new Money(micros), Store.Now), Never);

    private sealed class CountedIds(StoreFixture store) : IIdGenerator
    {
        public string New() => store.NewId();
    }
}
