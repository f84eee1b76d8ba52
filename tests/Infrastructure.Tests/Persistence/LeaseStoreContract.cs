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
