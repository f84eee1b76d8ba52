namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>The system's clock in the steps in which BSON keeps times, so that what somebody is told when storing is what everybody reads afterwards.</summary>
internal sealed class MillisecondTimeProvider : TimeProvider
{
    public override DateTimeOffset GetUtcNow()
    {
        var now = base.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }
}
