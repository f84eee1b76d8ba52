using AIChat.Application.Messages.Transcripts;

namespace AIChat.Application.Tests.Messages;

public sealed class IrcLineTests
{
    [Theory]
    [InlineData("[03:04] <alice> hello  there", IrcLineKind.Message, "alice", "hello  there", "03:04:00")]
    [InlineData("[03:04:59] <[a]`b|c> hi", IrcLineKind.Message, "[a]`b|c", "hi", "03:04:59")]
    [InlineData("[03:04] <민지> 안녕\r", IrcLineKind.Message, "민지", "안녕", "03:04:00")]
    [InlineData("[03:04] <alice>", IrcLineKind.Message, "alice", "", "03:04:00")]
    [InlineData("[03:04] <alice> a > b", IrcLineKind.Message, "alice", "a > b", "03:04:00")]
    [InlineData("=== alice entered the room.", IrcLineKind.System, null, "alice entered the room.", null)]
    [InlineData("[23:59] === alice left", IrcLineKind.System, null, "alice left", "23:59:00")]
    [InlineData("* alice waves", IrcLineKind.Action, "alice", "waves", null)]
    [InlineData("[10:00]  * alice shrugs", IrcLineKind.Action, "alice", "shrugs", "10:00:00")]
    [InlineData("[10:00]  * alice", IrcLineKind.Action, "alice", "", "10:00:00")]
    public void A_line_is_read(string line, IrcLineKind kind, string? nickname, string content, string? clock) =>
        Assert.Equal(new IrcLine(kind, nickname, content, clock is null ? null : TimeOnly.Parse(clock, System.Globalization.CultureInfo.InvariantCulture)), IrcLine.Read(line));

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("<alice> no clock")]
    [InlineData("[25:00] <alice> no such hour")]
    [InlineData("[03:04 <alice> unclosed")]
    [InlineData("[03:04] <alice unclosed")]
    [InlineData("[03:04] <> nobody")]
    [InlineData("[03:04] <two words> hi")]
    [InlineData("[03:04] -alice:#room- a notice")]
    public void Another_line_is_not_read(string line) => Assert.Null(IrcLine.Read(line));

    [Fact]
    public void A_clock_that_goes_back_starts_the_next_day()
    {
        var clock = new IrcClock(new DateOnly(2026, 2, 28), TimeSpan.FromHours(9));
        Assert.Equal(At(28, 0, 0), clock.Next(null));
        Assert.Equal(At(28, 23, 50), clock.Next(new TimeOnly(23, 50)));
        Assert.Equal(At(28, 23, 50), clock.Next(null));
        Assert.Equal(At(28, 23, 50), clock.Next(new TimeOnly(23, 49)));
        Assert.Equal(At(29, 0, 1), clock.Next(new TimeOnly(0, 1)));
        Assert.Equal(At(30, 0, 0), clock.Next(new TimeOnly(0, 0)) + TimeSpan.FromDays(1) - TimeSpan.FromMinutes(1));

        static DateTimeOffset At(int day, int hour, int minute) => new DateTimeOffset(2026, 2, 1, hour, minute, 0, TimeSpan.FromHours(9)).AddDays(day - 1);
    }
}
