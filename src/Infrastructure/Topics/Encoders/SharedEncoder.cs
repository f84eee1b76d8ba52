using System.Collections.Concurrent;
using AIChat.Application.Common;

namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>
/// One encoder for many callers. Texts that arrive during a forward pass are encoded together in the next one; callers with many texts take turns; a caller who finds the
/// encoder idle does not wait. One dedicated thread calls the encoder, because libtorch's thread pools do not share a processor well.
/// </summary>
internal sealed class SharedEncoder : IAsyncDisposable
{
    /// <summary>Texts of one forward pass, and texts of one caller in a turn.</summary>
    private const int Pass = 32, Turn = 8;

    private readonly ITextEncoder _encoder;
    private readonly BlockingCollection<Request> _requests = [];
    private readonly Task _loop;

    /// <param name="encoder">Disposed with this object.</param>
    public SharedEncoder(ITextEncoder encoder)
    {
        _encoder = encoder;
        _loop = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>[texts]: one vector for each text. After a cancellation, texts that are in no pass yet are not encoded.</summary>
    public Task<IReadOnlyList<float[]>> EncodeAsync(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        var request = new Request(texts, cancellation);
        if (texts.Count == 0)
            request.Complete();
        else
            _requests.Add(request, CancellationToken.None);
        return request.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _requests.CompleteAdding();
        await _loop;
        _requests.Dispose();
        _encoder.Dispose();
    }

    private void Run()
    {
        var waiting = new LinkedList<Request>();
        while (true)
        {
            if (waiting.Count == 0)
            {
                if (!_requests.TryTake(out var first, Timeout.Infinite))
                    return;
                waiting.AddLast(first);
            }

            while (_requests.TryTake(out var next))
                waiting.AddLast(next);
            EncodeSome(waiting);
        }
    }

    private void EncodeSome(LinkedList<Request> waiting)
    {
        var pass = new List<(Request Request, int At)>(Pass);
        while (pass.Count < Pass && waiting.First is { Value: var request })
        {
            waiting.RemoveFirst();
            if (request.IsCancelled)
                continue;
            for (var turn = 0; turn < Turn && pass.Count < Pass && request.Next < request.Texts.Count; turn++)
                pass.Add((request, request.Next++));
            if (request.Next < request.Texts.Count)
                waiting.AddLast(request);
        }

        if (pass.Count == 0)
            return;
        try
        {
            var vectors = _encoder.Encode([.. pass.Select(each => each.Request.Texts[each.At])], CancellationToken.None);
            for (var i = 0; i < pass.Count; i++)
                pass[i].Request.SetVector(pass[i].At, vectors[i]);
        }
#pragma warning disable CA1031 // whatever fails, the callers get it and the next pass is independent of it
        catch (Exception failure)
#pragma warning restore CA1031
        {
            foreach (var request in pass.Select(each => each.Request).Distinct())
            {
                request.Fail(failure);
                waiting.Remove(request);
            }
        }
    }

    private sealed class Request(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        private readonly TaskCompletionSource<IReadOnlyList<float[]>> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly float[][] _vectors = new float[texts.Count][];
        private int _missing = texts.Count;

        public IReadOnlyList<string> Texts => texts;

        /// <summary>Index of the first text that is in no pass yet.</summary>
        public int Next { get; set; }

        public bool IsCancelled => _completion.Task.IsCompleted || cancellation.IsCancellationRequested;

        public Task<IReadOnlyList<float[]>> Task => cancellation.CanBeCanceled ? _completion.Task.WaitAsync(cancellation) : _completion.Task;

        public void SetVector(int at, float[] vector)
        {
            _vectors[at] = vector;
            if (--_missing == 0)
                Complete();
        }

        public void Complete() => _completion.TrySetResult(_vectors);

        public void Fail(Exception failure) => _completion.TrySetException(failure);
    }
}
