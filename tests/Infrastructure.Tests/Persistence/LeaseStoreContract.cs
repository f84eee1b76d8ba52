using AIChat.Domain.Common;

namespace AIChat.Infrastructure.Tests.Persistence;

public abstract class LeaseStoreContract(StoreFixture store) : StoreContract(store)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task One_holder_at_a_time()
    {
        var mine = await Store.Leases.AcquireAsync("key", "a", Minute, Never);
        Assert.NotNull(mine);
        Assert.Equal(("key", "a", 1L, Store.Now + Minute), (mine.Key, mine.Holder, mine.Epoch, mine.ExpiresAt));
        Assert.Null(await Store.Leases.AcquireAsync("key", "b", Minute, Never));
        Assert.NotNull(await Store.Leases.AcquireAsync("another key", "b", Minute, Never));
    }

    [Fact]
    public async Task Of_many_who_ask_at_once_one_gets_it()
    {
        var asked = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Store.Leases.AcquireAsync("key", $"holder {i}", Minute, Never)));
        Assert.Single(asked, lease => lease is not null);
    }

    [Fact]
    public async Task Its_holder_prolongs_it_under_the_same_epoch()
    {
        var first = await Store.Leases.AcquireAsync("key", "a", Minute, Never);
        Store.Time.Advance(TimeSpan.FromSeconds(40));
        var prolonged = await Store.Leases.AcquireAsync("key", "a", Minute, Never);
        Assert.Equal(first! with { ExpiresAt = Store.Now + Minute }, prolonged);
        Store.Time.Advance(TimeSpan.FromSeconds(40));
        Assert.Null(await Store.Leases.AcquireAsync("key", "b", Minute, Never));
    }

    [Fact]
    public async Task It_runs_out_by_itself_and_the_next_holder_has_a_higher_epoch()
    {
        var first = await Store.Leases.AcquireAsync("key", "a", Minute, Never);
        Store.Time.Advance(Minute - TimeSpan.FromTicks(1));
        Assert.Null(await Store.Leases.AcquireAsync("key", "b", Minute, Never));
        Store.Time.Advance(TimeSpan.FromTicks(1));
        var second = await Store.Leases.AcquireAsync("key", "b", Minute, Never);
        Assert.Equal(first!.Epoch + 1, second!.Epoch);
        Assert.Null(await Store.Leases.AcquireAsync("key", "a", Minute, Never));
    }

    [Fact]
    public async Task Taken_over_it_has_a_higher_epoch_and_the_former_holder_has_nothing()
    {
        var first = await Store.Leases.AcquireAsync("key", "a", Minute, Never);
        var taken = await Store.Leases.TakeOverAsync("key", "b", Minute, Never);
        Assert.Equal(new Lease("key", "b", first!.Epoch + 1, Store.Now + Minute), taken);
        Assert.Null(await Store.Leases.AcquireAsync("key", "a", Minute, Never));
        await Store.Leases.ReleaseAsync(first, Never);
        Assert.Null(await Store.Leases.AcquireAsync("key", "a", Minute, Never));
        Assert.Equal(taken.Epoch, (await Store.Leases.TakeOverAsync("key", "b", Minute, Never)).Epoch);
    }

    [Fact]
    public async Task Taken_over_by_many_at_once_the_last_one_holds_it_and_each_had_an_epoch_of_its_own()
    {
        await Store.Leases.AcquireAsync("key", "a", Minute, Never);
        var taken = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Store.Leases.TakeOverAsync("key", $"holder {i}", Minute, Never)));
        Assert.Equal(6, taken.Select(lease => lease.Epoch).Distinct().Count());
        var last = taken.MaxBy(lease => lease.Epoch)!;
        Assert.NotNull(await Store.Leases.AcquireAsync("key", last.Holder, Minute, Never));
        foreach (var lost in taken.Where(lease => lease != last))
            Assert.Null(await Store.Leases.AcquireAsync("key", lost.Holder, Minute, Never));
    }

    [Fact]
    public async Task What_nobody_holds_can_be_taken_too() => Assert.Equal(1, (await Store.Leases.TakeOverAsync("new", "a", Minute, Never)).Epoch);

    [Fact]
    public async Task Let_go_it_is_free_for_another_and_epochs_go_on()
    {
        var first = await Store.Leases.AcquireAsync("key", "a", Minute, Never);
        await Store.Leases.ReleaseAsync(first!, Never);
        var second = await Store.Leases.AcquireAsync("key", "b", Minute, Never);
        Assert.Equal(2, second!.Epoch);
    }

    [Fact]
    public async Task Letting_go_of_one_that_was_lost_changes_nothing()
    {
        var lost = await Store.Leases.AcquireAsync("key", "a", Minute, Never);
        Store.Time.Advance(Minute);
        Assert.NotNull(await Store.Leases.AcquireAsync("key", "b", Minute, Never));
        await Store.Leases.ReleaseAsync(lost!, Never);
        Assert.Null(await Store.Leases.AcquireAsync("key", "c", Minute, Never));
    }
}
