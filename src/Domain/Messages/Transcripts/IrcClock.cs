namespace AIChat.Domain.Messages.Transcripts;

/// <summary>
/// Gives days to the clocks of a log that has none. A clock that goes back by an hour or more starts the next day; one that goes back by less is a line out of
/// order. A line without a clock has the time of the line before it.
/// </summary>
public sealed class IrcClock(DateOnly firstDay)
{
    private DateOnly day = firstDay;
    private TimeOnly last = TimeOnly.MinValue;

    public DateTimeOffset At(TimeOnly? clock)
    {
        if (clock is { } time)
        {
            // Ticks, since a difference of two TimeOnly wraps around midnight.
            if (last.Ticks - time.Ticks >= TimeSpan.TicksPerHour && day < DateOnly.MaxValue)
                day = day.AddDays(1);
            last = time;
        }

        return new DateTimeOffset(day.ToDateTime(last), TimeSpan.Zero);
    }
}
