using AIChat.Api.Classifier;
using AIChat.Api.Common;

namespace AIChat.Api.Tests.Classifier;

public sealed class FairQueueTests
{
    [Fact]
    public async Task So_many_run_at_once_and_the_next_waits_for_one_to_end()
    {
        var queue = new FairQueue(new TurnLimits(2, 5), TimeProvider.System);
        var (first, second) = (await queue.EnterAsync("a", default), await queue.EnterAsync("b", default));
        var third = queue.EnterAsync("c", default);
        Assert.NotNull(first);
        Assert.False(third.IsCompleted);

        second!.Dispose();
        Assert.NotNull(await third);
        var fourth = queue.EnterAsync("d", default);

        // Ending twice ends once.
        second.Dispose();
        Assert.False(fourth.IsCompleted);
        first!.Dispose();
        Assert.NotNull(await fourth);
    }

    [Fact]
    public async Task Without_a_place_there_is_no_turn_and_a_time_to_come_back()
    {
        var queue = new FairQueue(new TurnLimits(1, 1), TimeProvider.System);
        var running = await queue.EnterAsync("a", default);
        var waiting = queue.EnterAsync("a", default);

        Assert.Null(await queue.EnterAsync("a", default));
        Assert.InRange(queue.RetryAfter, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        running!.Dispose();
        Assert.NotNull(await waiting);
    }

    [Fact]
    public async Task Where_nobody_may_wait_a_call_runs_or_is_refused()
    {
        var queue = new FairQueue(new TurnLimits(1, 0), TimeProvider.System);
        using (Assert.IsAssignableFrom<IDisposable>(await queue.EnterAsync("a", default)))
            Assert.Null(await queue.EnterAsync("b", default));
        Assert.NotNull(await queue.EnterAsync("b", default));
    }

    [Fact]
    public async Task Turns_go_round_the_callers_whoever_came_first()
    {
        var queue = new FairQueue(new TurnLimits(1, 100), TimeProvider.System);
        var running = await queue.EnterAsync("flood", default);
        var waiting = new List<(string Caller, Task<IDisposable?> Turn)>();
        for (var i = 0; i < 4; i++)
            waiting.Add(("flood", queue.EnterAsync("flood", default)));
        foreach (var caller in (string[])["b", "b", "c"])
            waiting.Add((caller, queue.EnterAsync(caller, default)));

        var served = new List<string>();
        while (waiting.Count > 0)
        {
            running!.Dispose();
            await Task.WhenAny(waiting.Select(one => one.Turn));
            var next = Assert.Single(waiting, one => one.Turn.IsCompleted);
            served.Add(next.Caller);
            running = await next.Turn;
            waiting.Remove(next);
        }

        Assert.Equal(["b", "c", "flood", "b", "flood", "flood", "flood"], served);
    }

    [Fact]
    public async Task One_that_floods_gives_up_its_newest_place_to_another()
    {
        var queue = new FairQueue(new TurnLimits(1, 3), TimeProvider.System);
        var running = await queue.EnterAsync("flood", default);
        var flood = Enumerable.Range(0, 3).Select(_ => queue.EnterAsync("flood", default)).ToList();

        var quiet = queue.EnterAsync("quiet", default);
        Assert.Null(await flood[2]);
        Assert.False(quiet.IsCompleted);

        // Two and one: now nobody holds so many that taking one would be fair.
        Assert.Null(await queue.EnterAsync("quiet", default));
        Assert.Null(await queue.EnterAsync("flood", default));
        running!.Dispose();
        running = await quiet;
        Assert.NotNull(running);
        Assert.False(flood[0].IsCompleted);
        running.Dispose();
        Assert.NotNull(await flood[0]);
    }

    [Fact]
    public async Task Who_hangs_up_while_waiting_leaves_the_place_to_others()
    {
        var queue = new FairQueue(new TurnLimits(1, 1), TimeProvider.System);
        var running = await queue.EnterAsync("a", default);
        using var hangUp = new CancellationTokenSource();
        var gone = queue.EnterAsync("b", hangUp.Token);
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);

        var other = queue.EnterAsync("c", default);
        Assert.False(other.IsCompleted);
        running!.Dispose();
        Assert.NotNull(await other);
    }

    [Fact]
    public async Task A_crowd_that_comes_and_goes_never_runs_more_than_allowed_and_loses_no_turn()
    {
        var queue = new FairQueue(new TurnLimits(3, 10), TimeProvider.System);
        var (running, most, served) = (0, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            var chance = new Random(caller);
            for (var i = 0; i < 400; i++)
            {
                using var hangUp = new CancellationTokenSource();
                var entering = queue.EnterAsync("caller " + (caller % 5), hangUp.Token);
                if (chance.Next(3) == 0)
                    await hangUp.CancelAsync();
                try
                {
                    using var turn = await entering;
                    if (turn is null)
                        continue;
                    InterlockedMost(ref most, Interlocked.Increment(ref running));
                    Interlocked.Increment(ref served);
                    await Task.Yield();
                    Interlocked.Decrement(ref running);
                }
                catch (OperationCanceledException)
                {
                    // Hung up.
                }
            }
        })));

        Assert.InRange(most, 1, 3);
        Assert.InRange(served, 1, 3200);
        var free = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => queue.EnterAsync("late", default)));
        Assert.All(free, Assert.NotNull);
    }

    private static void InterlockedMost(ref int most, int value)
    {
        for (var known = Volatile.Read(ref most); value > known; known = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, value, known);
    }
}
