namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>The system's clock in whole milliseconds, as BSON stores times, so that the time given when storing equals the time read afterwards.</summary>
internal sealed class MillisecondTimeProvider : TimeProvider
{
    public override DateTimeOffset GetUtcNow()
    {
        var now = base.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }
}
