using AIChat.Domain.Users;

namespace AIChat.Infrastructure.Tests.Persistence;

public abstract class UserStoreContract(StoreFixture store) : StoreContract(store)
{
    [Fact]
    public async Task A_user_and_the_first_session_are_found_as_they_were_stored()
    {
        var user = Expect.Value(User.Join(new UserId("민지"), "Minji 🌸", Store.Now));
        var session = Session.Start("s1", user.Id, Store.Now);
        Expect.Value(await Store.Users.AddAsync(user, session, Never));

        var found = await Store.Users.FindAsync(user.Id, Never);
        Assert.NotNull(found);
        Assert.Equal((user.Id, "Minji 🌸", Store.Now, false), (found.Id, found.Nickname, found.CreatedAt, found.ExcludeFromAi));
        var stored = await Store.Users.FindSessionAsync("s1", Never);
        Assert.NotNull(stored);
        Assert.Equal((user.Id, session.CreatedAt, session.ExpiresAt), (stored.UserId, stored.CreatedAt, stored.ExpiresAt));
    }

    [Fact]
    public async Task Whoever_is_not_there_is_not_found()
    {
        Assert.Null(await Store.Users.FindAsync(new UserId("nobody"), Never));
        Assert.Null(await Store.Users.FindSessionAsync("none", Never));
    }

    [Fact]
    public async Task A_taken_id_is_refused_and_leaves_no_session_behind()
    {
        var first = await Store.JoinAsync("Ann");
        var second = Expect.Value(User.Join(first.Id, "Bob", Store.Now));
        var refused = await Store.Users.AddAsync(second, Session.Start("late", first.Id, Store.Now), Never);
        Assert.Equal(UserErrors.Taken, refused.Error);
        Assert.Null(await Store.Users.FindSessionAsync("late", Never));
        Assert.Equal("Ann", (await Store.Users.FindAsync(first.Id, Never))!.Nickname);
    }

    [Fact]
    public async Task Of_many_who_want_an_id_at_once_one_gets_it()
    {
        var tries = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Store.Users.AddAsync(
            Expect.Value(User.Join(new UserId("wanted"), $"n{i}", Store.Now)), Session.Start($"s{i}", new UserId("wanted"), Store.Now), Never)));
        var winner = Array.FindIndex(tries, result => result.Error is null);
        Assert.Equal(7, tries.Count(result => result.Error == UserErrors.Taken));
        Assert.Equal($"n{winner}", (await Store.Users.FindAsync(new UserId("wanted"), Never))!.Nickname);
        for (var i = 0; i < tries.Length; i++)
            Assert.Equal(i == winner, await Store.Users.FindSessionAsync($"s{i}", Never) is not null);
    }

    [Fact]
    public async Task Ids_that_differ_in_case_are_two_people()
    {
        foreach (var id in (string[])["ann", "Ann"])
            Expect.Value(await Store.Users.AddAsync(Expect.Value(User.Join(new UserId(id), id, Store.Now)), Session.Start("of-" + id, new UserId(id), Store.Now), Never));
        Assert.Equal("Ann", (await Store.Users.FindAsync(new UserId("Ann"), Never))!.Nickname);
    }

    [Fact]
    public async Task A_changed_nickname_and_switch_are_kept()
    {
        var user = await Store.JoinAsync("Ann");
        Assert.Null(user.Rename("Anna"));
        user.SetExcludeFromAi(true);
        await Store.Users.SaveAsync(user, Never);
        var found = await Store.Users.FindAsync(user.Id, Never);
        Assert.Equal(("Anna", true), (found!.Nickname, found.ExcludeFromAi));
    }

    [Fact]
    public async Task Renewing_moves_a_sessions_end()
    {
        var session = await SessionAsync();
        Store.Time.Advance(TimeSpan.FromDays(30));
        session.Renew(Store.Now);
        await Store.Users.RenewSessionAsync(session, Never);
        Assert.Equal(Store.Now + Session.Lifetime, (await Store.Users.FindSessionAsync(session.Id, Never))!.ExpiresAt);
    }

    [Fact]
    public async Task An_ended_session_is_not_revived_by_renewing()
    {
        var session = await SessionAsync();
        await Store.Users.EndSessionAsync(session.Id, Never);
        session.Renew(Store.Now + TimeSpan.FromDays(2));
        await Store.Users.RenewSessionAsync(session, Never);
        Assert.Null(await Store.Users.FindSessionAsync(session.Id, Never));
    }

    [Fact]
    public async Task Ending_a_session_leaves_others_alone_and_may_be_repeated()
    {
        var session = await SessionAsync();
        await Store.Users.EndSessionAsync("another", Never);
        await Store.Users.EndSessionAsync("another", Never);
        Assert.NotNull(await Store.Users.FindSessionAsync(session.Id, Never));
    }

    private async Task<Session> SessionAsync()
    {
        var user = Expect.Value(User.Join(new UserId(Store.NewId()), "Ann", Store.Now));
        var session = Session.Start(Store.NewId(), user.Id, Store.Now);
        Expect.Value(await Store.Users.AddAsync(user, session, Never));
        return session;
    }
}
