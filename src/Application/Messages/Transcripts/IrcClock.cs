namespace AIChat.Application.Messages.Transcripts;

/// <summary>Turns the clocks of a log into moments that never go back. Not thread-safe.</summary>
/// <param name="firstDay">The day of the log's first line.</param>
/// <param name="offset">The log's distance from UTC.</param>
public sealed class IrcClock(DateOnly firstDay, TimeSpan offset)
{
    /// <summary>A clock that goes back by this much has passed midnight; by less, it was set or is out of step.</summary>
    private static readonly TimeSpan NextDay = TimeSpan.FromHours(1);

    private DateTimeOffset _last = new(firstDay, TimeOnly.MinValue, offset);

    /// <summary>The moment of the next line; a line without a clock, or one slightly out of step, is as late as the line before it.</summary>
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
