namespace AIChat.Api.Classifier;

/// <summary>
/// Lets so many calls run at once and so many wait for their turn. The next turn is the caller's who has the fewest calls running, and among those the one's who
/// was served least lately. When all places are taken, whoever holds the most of them gives up the newest for a caller who holds fewer; so one that floods is
/// refused while the others are served. (Stochastic fairness queueing's longest-queue drop, McKenney 1990, with a queue for each caller.)
/// </summary>
internal sealed class FairQueue(TurnLimits limits, TimeProvider time)
{
    /// <summary>How much the newest call counts in the mean time that one takes.</summary>
    private const double Newest = 0.2;

    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Caller> callers = new(StringComparer.Ordinal);
    private int running;
    private int waiting;
    private long turns;
    private TimeSpan mean = TimeSpan.FromSeconds(1);

    /// <summary>When a caller who was refused may expect to be served.</summary>
    public TimeSpan RetryAfter
    {
        get
        {
            lock (gate)
            {
                var after = mean * (waiting + running) / limits.Running;
                return after < LongestRetryAfter ? after : LongestRetryAfter;
            }
        }
    }

    /// <summary>Waits for the caller's turn.</summary>
    /// <returns>Dispose it when the work is done. Null: there is no place; come back later.</returns>
    public async Task<IDisposable?> EnterAsync(string name, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Waiting place;
        lock (gate)
        {
            if (!callers.TryGetValue(name, out var caller))
                caller = new Caller(name);
            if (running < limits.Running)
                return Begin(caller);
            if (waiting >= limits.Waiting && !MakeRoom(caller))
                return null;
            callers[name] = caller;
            place = new Waiting(caller);
            place.Node = caller.Places.AddLast(place);
            waiting++;
        }

        await using var registration = cancellation.UnsafeRegister(_ => Leave(place), null);
        try
        {
            return await place.Turn.Task;
        }
        catch (TaskCanceledException)
        {
            throw new OperationCanceledException(cancellation);
        }
    }

    private Turn Begin(Caller caller)
    {
        callers[caller.Name] = caller;
        running++;
        caller.Running++;
        caller.LastServed = ++turns;
        return new Turn(this, caller, time.GetTimestamp());
    }

    private void End(Caller caller, long began)
    {
        lock (gate)
        {
            mean += (time.GetElapsedTime(began) - mean) * Newest;
            running--;
            caller.Running--;
            GiveTurn();
            Forget(caller);
        }
    }

    private void GiveTurn()
    {
        if (callers.Values.Where(caller => caller.Places.Count > 0).MinBy(caller => (caller.Running, caller.LastServed)) is { } next)
            Remove(next.Places.First!).Turn.SetResult(Begin(next));
    }

    private bool MakeRoom(Caller caller)
    {
        var greediest = callers.Values.MaxBy(other => other.Places.Count);
        if (greediest is null || greediest.Places.Count <= caller.Places.Count + 1)
            return false;
        Remove(greediest.Places.Last!).Turn.SetResult(null);
        return true;
    }

    /// <summary>The caller has hung up.</summary>
    private void Leave(Waiting place)
    {
        lock (gate)
        {
            // A turn that was given meanwhile is handed back by whoever gets it.
            if (place.Node is not { List: not null } node)
                return;
            Remove(node).Turn.SetCanceled();
            Forget(place.Caller);
        }
    }

    private Waiting Remove(LinkedListNode<Waiting> node)
    {
        node.List!.Remove(node);
        waiting--;
        return node.Value;
    }

    private void Forget(Caller caller)
    {
        if (caller is { Running: 0, Places.Count: 0 })
            callers.Remove(caller.Name);
    }

    private sealed class Caller(string name)
    {
        public string Name => name;

        public LinkedList<Waiting> Places { get; } = [];

        public int Running { get; set; }

        public long LastServed { get; set; }
    }

    private sealed class Waiting(Caller caller)
    {
        public Caller Caller => caller;

        public LinkedListNode<Waiting>? Node { get; set; }

        public TaskCompletionSource<Turn?> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Turn(FairQueue queue, Caller caller, long began) : IDisposable
    {
        private int ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref ended, 1) == 0)
                queue.End(caller, began);
        }
    }
}
