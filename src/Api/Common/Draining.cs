using System.Runtime.InteropServices;

namespace AIChat.Api.Common;

/// <summary>
/// How the server stops: after SIGTERM or SIGINT it refuses new work with <c>draining</c>, answers the calls that it has taken, and only then stops the host. It replaces the host's own lifetime,
/// which would close every hub connection at once, answered or not.
/// </summary>
internal sealed class Draining(IHostApplicationLifetime host, TimeProvider time, ILogger<Draining> log) : IHostLifetime, IDisposable
{
    public static readonly Error Refusal = new("draining", "The server is stopping; connect again in a moment.", ErrorKind.Unavailable)
    {
        RetryAfter = TimeSpan.FromSeconds(2),
    };

    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(15);

    // SignalR writes the answer of a hub call after the last filter has returned and does not report when it is sent, so draining ends this long after the last call.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);

    private readonly List<PosixSignalRegistration> _signals = [];
    private int _taken;

    public bool HasBegun { get; private set; }

    /// <summary>Registers a call, to be disposed when it is answered; null: draining has begun.</summary>
    public IDisposable? Take()
    {
        Interlocked.Increment(ref _taken);
        if (!HasBegun)
            return new Taken(this);
        Interlocked.Decrement(ref _taken);
        return null;
    }

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT])
            _signals.Add(PosixSignalRegistration.Create(signal, OnSignal));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        _ = DrainAsync();
    }

    private async Task DrainAsync()
    {
        HasBegun = true;
        var started = time.GetTimestamp();
        log.LogInformation("Stopping: {Count} calls are still being answered", Volatile.Read(ref _taken));
        var busy = started;
        while (time.GetElapsedTime(busy) < Quiet && time.GetElapsedTime(started) < DrainTimeout)
        {
            if (Volatile.Read(ref _taken) > 0)
                busy = time.GetTimestamp();
            await Task.Delay(20, CancellationToken.None);
        }

        host.StopApplication();
    }

    private sealed class Taken(Draining draining) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref draining._taken);
    }
}

/// <summary>Refuses calls once the server is stopping. A hub connection is not a call; the hub refuses the calls made over it.</summary>
internal sealed class DrainingMiddleware(RequestDelegate next, Draining draining)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (http.Request.Path.StartsWithSegments("/hub", StringComparison.Ordinal) || http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal))
        {
            await next(http);
            return;
        }

        using var taken = draining.Take();
        if (taken is null)
        {
            http.Response.Headers.Connection = "close";
            await Problems.WriteAsync(http, Draining.Refusal);
            return;
        }

        await next(http);
    }
}
