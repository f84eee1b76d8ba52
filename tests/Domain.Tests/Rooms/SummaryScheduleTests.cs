using System.Globalization;
using AIChat.Domain.Rooms;

namespace AIChat.Domain.Tests.Rooms;

public sealed class SummaryScheduleTests
{
    [Theory]
    [InlineData("2026-01-31T09:00:00Z", "2026-01-31T08:00:00Z", "2026-01-31T09:00:00Z")]
    [InlineData("2026-01-31T09:59:59Z", "2026-01-31T08:00:00Z", "2026-01-31T09:00:00Z")]
    [InlineData("2026-01-31T00:10:00Z", "2026-01-30T23:00:00Z", "2026-01-31T00:00:00Z")]
    public void An_hourly_one_is_about_the_last_full_hour(string now, string from, string until) => Check(SummaryCadence.Hourly, 9, "Europe/Berlin", now, from, until);

    [Theory]
    [InlineData("Asia/Seoul", 9, "2026-01-31T00:00:00Z", "2026-01-30T00:00:00Z", "2026-01-31T00:00:00Z")]
    [InlineData("Asia/Seoul", 9, "2026-01-30T23:59:59Z", "2026-01-29T00:00:00Z", "2026-01-30T00:00:00Z")]
    [InlineData("UTC", 0, "2026-03-01T12:00:00Z", "2026-02-28T00:00:00Z", "2026-03-01T00:00:00Z")]

    // Berlin leaves out 2 to 3 on 29 March: the day has 23 hours, and what would be at 2 is at 3.
    [InlineData("Europe/Berlin", 2, "2026-03-29T12:00:00Z", "2026-03-28T01:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("Europe/Berlin", 2, "2026-03-29T00:59:59Z", "2026-03-27T01:00:00Z", "2026-03-28T01:00:00Z")]
    [InlineData("Europe/Berlin", 9, "2026-03-29T12:00:00Z", "2026-03-28T08:00:00Z", "2026-03-29T07:00:00Z")]

    // It shows 2 to 3 twice on 25 October: the first time counts, and the second one brings nothing new.
    [InlineData("Europe/Berlin", 2, "2026-10-25T00:30:00Z", "2026-10-24T00:00:00Z", "2026-10-25T00:00:00Z")]
    [InlineData("Europe/Berlin", 2, "2026-10-25T01:30:00Z", "2026-10-24T00:00:00Z", "2026-10-25T00:00:00Z")]
    [InlineData("Europe/Berlin", 9, "2026-10-25T12:00:00Z", "2026-10-24T07:00:00Z", "2026-10-25T08:00:00Z")]
    public void A_daily_one_ends_at_its_hour_of_its_zone(string zone, int hour, string now, string from, string until) => Check(SummaryCadence.Daily, hour, zone, now, from, until);

    [Fact]
    public void Over_a_year_every_moment_is_in_exactly_one_period()
    {
        foreach (var zone in (string[])["Asia/Seoul", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/St_Johns"])
        {
            for (var hour = 0; hour < 24; hour++)
            {
                var plan = Plan(SummaryCadence.Daily, hour, zone);
                var last = plan.LastBefore(At("2026-01-02T00:00:00Z"))!;
                for (var now = At("2026-01-02T00:00:00Z"); now < At("2027-01-02T00:00:00Z"); now = now.AddMinutes(30))
                {
                    var period = plan.LastBefore(now)!;
                    Assert.True(period.Until <= now && period.From < period.Until);
                    if (period == last)
                        continue;
                    Assert.Equal(last.Until, period.From);
                    last = period;
                }
            }
        }
    }

    [Fact]
    public void Off_there_are_none() => Assert.Null(SummarySchedule.Off.LastBefore(At("2026-01-31T09:00:00Z")));

    [Theory]
    [InlineData(-1, "UTC", "digest_hour_bad")]
    [InlineData(24, "UTC", "digest_hour_bad")]
    [InlineData(9, "", "digest_time_zone_bad")]
    [InlineData(9, "Mars/Olympus", "digest_time_zone_bad")]
    [InlineData(9, "../etc/passwd", "digest_time_zone_bad")]
    [InlineData(9, "/etc/localtime", "digest_time_zone_bad")]
    public void What_is_no_hour_or_no_zone_is_refused(int hour, string zone, string code)
    {
        Assert.False(SummarySchedule.Of(SummaryCadence.Daily, hour, zone).Succeeded(out _, out var refusal));
        Assert.Equal(code, refusal.Code);
    }

    private static void Check(SummaryCadence cadence, int hour, string zone, string now, string from, string until)
        => Assert.Equal(new SummaryPeriod(At(from), At(until)), Plan(cadence, hour, zone).LastBefore(At(now)));

    private static SummarySchedule Plan(SummaryCadence cadence, int hour, string zone)
    {
        Assert.True(SummarySchedule.Of(cadence, hour, zone).Succeeded(out var plan, out _));
        return plan;
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
}
