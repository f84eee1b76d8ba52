using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace AIChat.Application.Summaries;

/// <summary>
/// Summaries that are being made in this process. Whoever asks for the same meanwhile follows the same making, from its beginning; when the last one who follows has gone, it ends.
/// </summary>
internal sealed class SummaryRuns
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, SummaryRun> makings = new(StringComparer.Ordinal);

    /// <param name="key">The same for the same summary.</param>
    /// <param name="make">Makes it; called for the first one who asks.</param>
    /// <param name="cancellation">This one hangs up.</param>
    public async IAsyncEnumerable<SummaryEvent> FollowAsync(string key, Func<CancellationToken, IAsyncEnumerable<SummaryEvent>> make, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var making = Join(key, make);
        try
        {
            for (var next = 0; await NextAsync(making, next, cancellation) is { } told; next++)
                yield return told;
        }
        finally
        {
            Leave(key, making);
        }
    }

    /// <summary>What was told after so many; null: that was all.</summary>
    private async Task<SummaryEvent?> NextAsync(SummaryRun making, int next, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            Task more;
            lock (gate)
            {
                if (next < making.Told.Count)
                    return making.Told[next];
                if (making.HasEnded)
                {
                    making.Failure?.Throw();
                    return null;
                }

                more = making.More.Task;
            }

            await more.WaitAsync(cancellation);
        }
    }

    private SummaryRun Join(string key, Func<CancellationToken, IAsyncEnumerable<SummaryEvent>> make)
    {
        lock (gate)
        {
            if (!makings.TryGetValue(key, out var making))
            {
                makings[key] = making = new SummaryRun();
                _ = RunAsync(key, making, make);
            }

            making.Followers++;
            return making;
        }
    }

    private void Leave(string key, SummaryRun making)
    {
        lock (gate)
        {
            if (--making.Followers > 0 || making.HasEnded)
                return;
            Forget(key, making);
        }

        making.Abandoned.Cancel();
    }

    private async Task RunAsync(string key, SummaryRun making, Func<CancellationToken, IAsyncEnumerable<SummaryEvent>> make)
    {
        await Task.Yield();
        try
        {
            await foreach (var told in make(making.Abandoned.Token))
            {
                lock (gate)
                {
                    making.Told.Add(told);
                    making.Tell();
                }
            }
        }
#pragma warning disable CA1031 // it is thrown to everyone who follows
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            making.Failure = ExceptionDispatchInfo.Capture(thrown);
        }

        lock (gate)
        {
            making.HasEnded = true;
            Forget(key, making);
            making.Tell();
        }
    }

    private void Forget(string key, SummaryRun making)
    {
        if (makings.TryGetValue(key, out var there) && there == making)
            makings.Remove(key);
    }

    private sealed class SummaryRun
    {
        public List<SummaryEvent> Told { get; } = [];

        public int Followers { get; set; }

        public bool HasEnded { get; set; }

        public ExceptionDispatchInfo? Failure { get; set; }

        /// <summary>Never disposed: it has no timer and no handle.</summary>
        public CancellationTokenSource Abandoned { get; } = new();

        public TaskCompletionSource More { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Tell()
        {
            var told = More;
            More = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            told.TrySetResult();
        }
    }
}
