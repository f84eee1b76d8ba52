using System.Runtime.InteropServices;

namespace AIChat.Api.Common;

/// <summary>
/// How the server stops: after SIGTERM or SIGINT new work is refused with <c>draining</c>, what was taken is answered, and only then the host goes down. It
/// stands in for the host's own lifetime, which would close every hub connection at once, answered or not.
/// </summary>
internal sealed class Draining(IHostApplicationLifetime host, TimeProvider time, ILogger<Draining> log) : IHostLifetime, IDisposable
{
    public static readonly Error Refusal = new("draining", "The server is stopping; connect again in a moment.", ErrorKind.Unavailable)
    {
        RetryAfter = TimeSpan.FromSeconds(2),
    };

    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(15);

    // SignalR writes a hub call's answer after the last filter has returned and tells nobody when it is out: nothing may be taken for this long.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);

    private readonly List<PosixSignalRegistration> signals = [];
    private int taken;

    public bool HasBegun { get; private set; }

    /// <summary>Takes a piece of work; null once draining has begun. Dispose it when it is answered.</summary>
    public IDisposable? Take()
    {
        Interlocked.Increment(ref taken);
        if (!HasBegun)
            return new Taken(this);
        Interlocked.Decrement(ref taken);
        return null;
    }

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT])
            signals.Add(PosixSignalRegistration.Create(signal, OnSignal));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var signal in signals)
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
        log.LogInformation("Stopping: {Count} calls are still being answered", Volatile.Read(ref taken));
        var busy = started;
        while (time.GetElapsedTime(busy) < Quiet && time.GetElapsedTime(started) < DrainTimeout)
        {
            if (Volatile.Read(ref taken) > 0)
                busy = time.GetTimestamp();
            await Task.Delay(20, CancellationToken.None);
        }

        host.StopApplication();
    }

    private sealed class Taken(Draining draining) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref draining.taken);
    }
}

/// <summary>Refuses calls once the server is stopping. Long-lived connections are not calls; what comes over them is refused by the hub.</summary>
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
