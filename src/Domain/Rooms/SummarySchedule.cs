using System.Text.RegularExpressions;

namespace AIChat.Domain.Rooms;

public enum SummaryCadence
{
    Off,
    Hourly,
    Daily,
}

/// <summary>When a room's scheduled summary is written: never, after each full hour, or each day at an hour of its time zone.</summary>
/// <param name="Cadence">Off, hourly or daily.</param>
/// <param name="Hour">0 to 23; for <see cref="SummaryCadence.Daily"/>.</param>
/// <param name="TimeZone">Its name in the IANA database, such as <c>Asia/Seoul</c>.</param>
public sealed partial record SummarySchedule(SummaryCadence Cadence, int Hour, string TimeZone)
{
    private const int LongestZone = 64;

    /// <summary>Clocks are put forward by multiples of this.</summary>
    private static readonly TimeSpan GapStep = TimeSpan.FromMinutes(15);

    public static SummarySchedule Off { get; } = new(SummaryCadence.Off, 9, "UTC");

    public static Result<SummarySchedule> Of(SummaryCadence cadence, int hour, string timeZone)
    {
        if (hour is < 0 or > 23)
            return RoomErrors.DigestHour;
        return timeZone.Length <= LongestZone && ZoneName().IsMatch(timeZone) && TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out _)
            ? new SummarySchedule(cadence, hour, timeZone)
            : RoomErrors.DigestTimeZone;
    }

    /// <summary>The last period that is over; null: the schedule is off.</summary>
    public SummaryPeriod? LastBefore(DateTimeOffset now)
    {
        if (Cadence == SummaryCadence.Off)
            return null;
        if (Cadence == SummaryCadence.Hourly)
        {
            var hour = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
            return new SummaryPeriod(hour - TimeSpan.FromHours(1), hour);
        }

        var zone = TimeZoneInfo.FindSystemTimeZoneById(TimeZone);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var last = At(today, zone) <= now ? today : today.AddDays(-1);
        return new SummaryPeriod(At(last.AddDays(-1), zone), At(last, zone));
    }

    /// <summary>The hour on a day. An hour that clocks skip becomes the first moment after the gap; an hour that they show twice, the first of the two.</summary>
    private DateTimeOffset At(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(new TimeOnly(Hour, 0));
        while (zone.IsInvalidTime(local))
            local += GapStep;
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex ZoneName();
}

/// <param name="From">The first moment in it.</param>
/// <param name="Until">The first moment after it.</param>
public sealed record SummaryPeriod(DateTimeOffset From, DateTimeOffset Until);
