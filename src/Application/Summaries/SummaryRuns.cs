using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace AIChat.Application.Summaries;

/// <summary>
/// The summaries that this process is writing. Callers with the same request share one run and each get its events from the first one on; a run is cancelled when
/// its last follower leaves.
/// </summary>
internal sealed class SummaryRuns
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SummaryRun> _runs = new(StringComparer.Ordinal);

    /// <param name="key">Identifies the summary.</param>
    /// <param name="write">Starts the run; called for the first follower only.</param>
    /// <param name="cancellation">Ends this follower.</param>
    public async IAsyncEnumerable<SummaryEvent> FollowAsync(string key, Func<CancellationToken, IAsyncEnumerable<SummaryEvent>> write, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var run = Join(key, write);
        try
        {
            for (var next = 0; await NextAsync(run, next, cancellation) is { } step; next++)
                yield return step;
        }
        finally
        {
            Leave(key, run);
        }
    }

    /// <summary>Waits for the event with this index; null: the run ended before it.</summary>
    private async Task<SummaryEvent?> NextAsync(SummaryRun run, int index, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            Task changed;
            lock (_gate)
            {
                if (index < run.Events.Count)
                    return run.Events[index];
                if (run.HasEnded)
                {
                    run.Failure?.Throw();
                    return null;
                }

                changed = run.Changed.Task;
            }

            await changed.WaitAsync(cancellation);
        }
    }

    private SummaryRun Join(string key, Func<CancellationToken, IAsyncEnumerable<SummaryEvent>> write)
    {
        lock (_gate)
        {
            if (!_runs.TryGetValue(key, out var run))
            {
                _runs[key] = run = new SummaryRun();
                _ = RunAsync(key, run, write);
            }

            run.Followers++;
            return run;
        }
    }

    private void Leave(string key, SummaryRun run)
    {
        lock (_gate)
        {
            if (--run.Followers > 0 || run.HasEnded)
                return;
            Remove(key, run);
        }

        run.Abandoned.Cancel();
    }

    private async Task RunAsync(string key, SummaryRun run, Func<CancellationToken, IAsyncEnumerable<SummaryEvent>> write)
    {
        await Task.Yield();
        try
        {
            await foreach (var step in write(run.Abandoned.Token))
            {
                lock (_gate)
                {
                    run.Events.Add(step);
                    run.SignalChange();
                }
            }
        }
#pragma warning disable CA1031 // rethrown to every follower
        catch (Exception failure)
#pragma warning restore CA1031
        {
            run.Failure = ExceptionDispatchInfo.Capture(failure);
        }

        lock (_gate)
        {
            run.HasEnded = true;
            Remove(key, run);
            run.SignalChange();
        }
    }

    private void Remove(string key, SummaryRun run)
    {
        if (_runs.TryGetValue(key, out var current) && current == run)
            _runs.Remove(key);
    }

    /// <summary>One run; guarded by the gate.</summary>
    private sealed class SummaryRun
    {
        public List<SummaryEvent> Events { get; } = [];

        public int Followers { get; set; }

        public bool HasEnded { get; set; }

        public ExceptionDispatchInfo? Failure { get; set; }

        /// <summary>Not disposed: it has neither a timer nor a wait handle.</summary>
        public CancellationTokenSource Abandoned { get; } = new();

        public TaskCompletionSource Changed { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void SignalChange()
        {
            var signalled = Changed;
            Changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            signalled.TrySetResult();
        }
    }
}
