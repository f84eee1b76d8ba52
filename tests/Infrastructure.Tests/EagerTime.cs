using Microsoft.Extensions.Time.Testing;

namespace AIChat.Infrastructure.Tests;

/// <summary>A clock that stands still unless a test moves it, and passes over short waits: they end as soon as they begin, and it has moved on by as much.</summary>
public sealed class EagerTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    /// <summary>The longest wait that is passed over; zero: none is.</summary>
    public TimeSpan PassesOver { get; set; }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && dueTime <= PassesOver)
            ThreadPool.QueueUserWorkItem(_ => Advance(dueTime));
        return timer;
    }
}
