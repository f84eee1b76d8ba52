namespace AIChat.Api.Classifier;

/// <summary>
/// Limits the calls that run at once and the calls that wait. The next turn goes to the caller with the fewest running calls; among equals, to the one served longest ago. When all places are
/// taken, the caller with the most waiting calls loses the newest of them to a caller with fewer, so that a caller who floods the queue is refused while others are served. (Stochastic fairness
/// queueing's longest-queue drop, McKenney 1990, with a queue for each caller.)
/// </summary>
internal sealed class FairQueue(TurnLimits limits, TimeProvider time)
{
    /// <summary>The weight of the newest call in the moving average of their durations.</summary>
    private const double Newest = 0.2;

    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Caller> _callers = new(StringComparer.Ordinal);
    private int _running;
    private int _waiting;
    private long _turns;
    private TimeSpan _mean = TimeSpan.FromSeconds(1);

    /// <summary>When a refused caller may expect to be served.</summary>
    public TimeSpan RetryAfter
    {
        get
        {
            lock (_gate)
            {
                var after = _mean * (_waiting + _running) / limits.Running;
                return after < LongestRetryAfter ? after : LongestRetryAfter;
            }
        }
    }

    /// <summary>Waits for the caller's turn.</summary>
    /// <returns>The turn, to be disposed when the work is done; null: no place is free.</returns>
    public async Task<IDisposable?> EnterAsync(string name, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Waiting place;
        lock (_gate)
        {
            if (!_callers.TryGetValue(name, out var caller))
                caller = new Caller(name);
            if (_running < limits.Running)
                return Begin(caller);
            if (_waiting >= limits.Waiting && !MakeRoom(caller))
                return null;
            _callers[name] = caller;
            place = new Waiting(caller);
            place.Node = caller.Places.AddLast(place);
            _waiting++;
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
        _callers[caller.Name] = caller;
        _running++;
        caller.Running++;
        caller.LastServed = ++_turns;
        return new Turn(this, caller, time.GetTimestamp());
    }

    private void End(Caller caller, long began)
    {
        lock (_gate)
        {
            _mean += (time.GetElapsedTime(began) - _mean) * Newest;
            _running--;
            caller.Running--;
            GiveTurn();
            Forget(caller);
        }
    }

    private void GiveTurn()
    {
        if (_callers.Values.Where(caller => caller.Places.Count > 0).MinBy(caller => (caller.Running, caller.LastServed)) is { } next)
            Remove(next.Places.First!).Turn.SetResult(Begin(next));
    }

    private bool MakeRoom(Caller caller)
    {
        var greediest = _callers.Values.MaxBy(other => other.Places.Count);
        if (greediest is null || greediest.Places.Count <= caller.Places.Count + 1)
            return false;
        Remove(greediest.Places.Last!).Turn.SetResult(null);
        return true;
    }

    /// <summary>The caller has disconnected.</summary>
    private void Leave(Waiting place)
    {
        lock (_gate)
        {
            // If a turn was given meanwhile, its holder ends it.
            if (place.Node is not { List: not null } node)
                return;
            Remove(node).Turn.SetCanceled();
            Forget(place.Caller);
        }
    }

    private Waiting Remove(LinkedListNode<Waiting> node)
    {
        node.List!.Remove(node);
        _waiting--;
        return node.Value;
    }

    private void Forget(Caller caller)
    {
        if (caller is { Running: 0, Places.Count: 0 })
            _callers.Remove(caller.Name);
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
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
                queue.End(caller, began);
        }
    }
}
