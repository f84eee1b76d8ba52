namespace AIChat.Tests;

/// <summary>
/// Waits by progress and not by the clock: as long as the observed value changes, and for minutes while it does not. A busy machine is slow, but it makes progress.
/// </summary>
internal static class Eventually
{
    // Polling costs the server something too, so the pause grows.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20), LongestPause = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a test waits without progress; tests have no other limit of that kind.</summary>
    public static TimeSpan Timeout { get; } = TimeSpan.FromMinutes(4);

    public static Task TrueAsync(Func<bool> holds, string what) => TrueAsync(() => Task.FromResult(holds()), what);

    public static Task TrueAsync(Func<Task<bool>> holds, string what) => SeenAsync(holds, held => held, what);

    public static Task<T> SeenAsync<T>(Func<T> look, Func<T, bool> isEnough, string what) => SeenAsync(() => Task.FromResult(look()), isEnough, what);

    /// <summary>Polls until the value is accepted. A value that differs from the one before is progress and restarts the timeout.</summary>
    /// <param name="look">Reads the value; values are compared by equality.</param>
    /// <param name="isEnough">Accepts a value.</param>
    /// <param name="what">The awaited event, for the failure's message.</param>
    /// <returns>The accepted value.</returns>
    public static async Task<T> SeenAsync<T>(Func<Task<T>> look, Func<T, bool> isEnough, string what)
    {
        var seen = await look();
        var (since, pause) = (TimeProvider.System.GetTimestamp(), FirstPause);
        while (!isEnough(seen))
        {
            if (TimeProvider.System.GetElapsedTime(since) >= Timeout)
                throw new TimeoutException($"Waited for {what}; for {Timeout} it was {seen}.");
            await Task.Delay(pause);
            pause = TimeSpan.FromTicks(Math.Min((long)(pause.Ticks * 1.1), LongestPause.Ticks));
            var next = await look();
            if (!EqualityComparer<T>.Default.Equals(next, seen))
                since = TimeProvider.System.GetTimestamp();
            seen = next;
        }

        return seen;
    }
}
