namespace AIChat.Application.Messages.Transcripts;

/// <summary>Turns the wall clocks of a log into times that never decrease. Not thread-safe.</summary>
/// <param name="firstDay">The day of the log's first line.</param>
/// <param name="offset">The log's offset from UTC.</param>
public sealed class IrcClock(DateOnly firstDay, TimeSpan offset)
{
    /// <summary>A clock that goes back by at least this much has passed midnight; by less, it was adjusted.</summary>
    private static readonly TimeSpan NextDay = TimeSpan.FromHours(1);

    private DateTimeOffset _last = new(firstDay, TimeOnly.MinValue, offset);

    /// <summary>The time of the next line. A line without a clock, or with one that was adjusted backwards, gets the time of the line before it.</summary>
    public DateTimeOffset Next(TimeOnly? clock)
    {
        if (clock is null)
            return _last;
        var moment = new DateTimeOffset(DateOnly.FromDateTime(_last.DateTime), clock.Value, offset);
        if (_last - moment >= NextDay)
            moment = moment.AddDays(1);
        return _last = moment > _last ? moment : _last;
    }
}
