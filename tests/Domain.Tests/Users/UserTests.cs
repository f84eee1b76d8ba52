using AIChat.Domain.Users;

namespace AIChat.Domain.Tests.Users;

public sealed class UserTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("민지")]
    [InlineData("a.b-c_d@e")]
    public void Ids_of_any_script_may_be_chosen(string id) => Assert.Null(User.Join(new UserId(id), "x", Now).Error);

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("me")]
    public void Ids_that_would_not_be_safe_in_a_path_may_not(string id) => Assert.Equal("user_id_bad", User.Join(new UserId(id), "x", Now).Error?.Code);

    [Theory]
    [InlineData("   ", "nickname_empty")]
    [InlineData("a\tb", "nickname_bad")]
    [InlineData("12345678901234567890123456789012345678901", "nickname_too_long")]
    public void Nicknames_are_one_short_line(string nickname, string code) => Assert.Equal(code, User.Join(new UserId("u"), nickname, Now).Error?.Code);

    [Fact]
    public void A_refused_renaming_keeps_the_name()
    {
        var user = User.Join(new UserId("u"), " Ann ", Now).Value!;
        Assert.NotNull(user.Rename(""));
        Assert.Equal("Ann", user.Nickname);
    }

    [Fact]
    public void A_session_ends_after_180_days_and_use_moves_the_end_once_a_day()
    {
        var session = Session.Start("s", new UserId("u"), Now);
        Assert.False(session.HasExpired(Now.AddDays(179)));
        Assert.True(session.HasExpired(Now.AddDays(180)));
        Assert.False(session.IsDueForRenewal(Now.AddHours(23)));
        Assert.True(session.IsDueForRenewal(Now.AddHours(25)));
        session.Renew(Now.AddDays(100));
        Assert.False(session.HasExpired(Now.AddDays(279)));
    }
}
