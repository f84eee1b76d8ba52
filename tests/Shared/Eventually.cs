namespace AIChat.Tests;

/// <summary>
/// Waits for what takes an unknown time, by progress and not by the clock: as long as something moves, and for minutes while nothing does. A busy machine is slow, but it moves.
/// </summary>
internal static class Eventually
{
    // Looking costs the server something too: what does not come soon is looked for less often.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20), LongestPause = TimeSpan.FromMilliseconds(200);

    /// <summary>How long anything in a test is waited for while nothing moves; the only limit of that kind that tests have.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(4);

    public static Task TrueAsync(Func<bool> holds, string what) => TrueAsync(() => Task.FromResult(holds()), what);

    public static Task TrueAsync(Func<Task<bool>> holds, string what) => SeenAsync(holds, held => held, what);

    public static Task<T> SeenAsync<T>(Func<T> look, Func<T, bool> isEnough, string what) => SeenAsync(() => Task.FromResult(look()), isEnough, what);

    /// <summary>Looks again and again until what it sees is enough. Seeing something else than the last time is progress, and the wait begins anew.</summary>
    /// <param name="look">Its answers are compared by value.</param>
    /// <param name="isEnough">Whether that is the one which is waited for.</param>
    /// <param name="what">What is waited for, for the failure's message.</param>
    /// <returns>What was seen last.</returns>
    public static async Task<T> SeenAsync<T>(Func<Task<T>> look, Func<T, bool> isEnough, string what)
    {
        var seen = await look();
        var (since, pause) = (TimeProvider.System.GetTimestamp(), FirstPause);
        while (!isEnough(seen))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < Patience, $"Waited for {what}; for {Patience} it was {seen}.");
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
