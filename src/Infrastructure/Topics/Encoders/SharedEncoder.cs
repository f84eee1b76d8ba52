using System.Collections.Concurrent;
using AIChat.Application.Common;

namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>
/// One encoder for many callers: texts that come while it works are encoded together in its next pass, a caller with many texts takes turns with the others, and whoever comes
/// while it is idle is not kept waiting. One thread of its own calls it, because libtorch's thread pools do not share a processor well.
/// </summary>
internal sealed class SharedEncoder : IAsyncDisposable
{
    /// <summary>Texts of one pass, and how many of one caller's come in a turn.</summary>
    private const int Pass = 32, Turn = 8;

    private readonly ITextEncoder encoder;
    private readonly BlockingCollection<Asked> asked = [];
    private readonly Task loop;

    /// <param name="encoder">Disposed with this.</param>
    public SharedEncoder(ITextEncoder encoder)
    {
        this.encoder = encoder;
        loop = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>One vector for each text, in their order. A caller who stops waiting leaves what was not begun undone.</summary>
    public Task<IReadOnlyList<float[]>> EncodeAsync(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        var one = new Asked(texts, cancellation);
        if (texts.Count == 0)
            one.Answer();
        else
            asked.Add(one, CancellationToken.None);
        return one.Task;
    }

    public async ValueTask DisposeAsync()
    {
        asked.CompleteAdding();
        await loop;
        asked.Dispose();
        encoder.Dispose();
    }

    private void Run()
    {
        var waiting = new LinkedList<Asked>();
        while (true)
        {
            if (waiting.Count == 0)
            {
                if (!asked.TryTake(out var first, Timeout.Infinite))
                    return;
                waiting.AddLast(first);
            }

            while (asked.TryTake(out var next))
                waiting.AddLast(next);
            EncodeSome(waiting);
        }
    }

    private void EncodeSome(LinkedList<Asked> waiting)
    {
        var pass = new List<(Asked Of, int At)>(Pass);
        while (pass.Count < Pass && waiting.First is { Value: var one })
        {
            waiting.RemoveFirst();
            if (one.IsGivenUp)
                continue;
            for (var turn = 0; turn < Turn && pass.Count < Pass && one.Next < one.Texts.Count; turn++)
                pass.Add((one, one.Next++));
            if (one.Next < one.Texts.Count)
                waiting.AddLast(one);
        }

        if (pass.Count == 0)
            return;
        try
        {
            var vectors = encoder.Encode([.. pass.Select(each => each.Of.Texts[each.At])], CancellationToken.None);
            for (var i = 0; i < pass.Count; i++)
                pass[i].Of.Take(pass[i].At, vectors[i]);
        }
#pragma warning disable CA1031 // whatever it is, those who wait hear of it and the next pass is tried afresh
        catch (Exception failure)
#pragma warning restore CA1031
        {
            foreach (var one in pass.Select(each => each.Of).Distinct())
            {
                one.Fail(failure);
                waiting.Remove(one);
            }
        }
    }

    private sealed class Asked(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        private readonly TaskCompletionSource<IReadOnlyList<float[]>> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly float[][] vectors = new float[texts.Count][];
        private int missing = texts.Count;

        public IReadOnlyList<string> Texts => texts;

        /// <summary>The first text that is in no pass yet.</summary>
        public int Next { get; set; }

        public bool IsGivenUp => done.Task.IsCompleted || cancellation.IsCancellationRequested;

        public Task<IReadOnlyList<float[]>> Task => cancellation.CanBeCanceled ? done.Task.WaitAsync(cancellation) : done.Task;

        public void Take(int at, float[] vector)
        {
            vectors[at] = vector;
            if (--missing == 0)
                Answer();
        }

        public void Answer() => done.TrySetResult(vectors);

        public void Fail(Exception failure) => done.TrySetException(failure);
    }
}
