using System.Text.RegularExpressions;

namespace AIChat.Api.Classifier;

/// <summary>Calls of this endpoint wait in the queue before their body is read.</summary>
internal sealed record TakesTurns(FairQueue Queue);

/// <summary>Lets calls wait in the queue of their endpoint; a call without a place is answered with 429.</summary>
internal sealed partial class TurnMiddleware(RequestDelegate next, TimeProvider time, ILogger<TurnMiddleware> log)
{
    /// <summary>Tells apart callers that share an address.</summary>
    public const string CallerHeader = "X-Caller";

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<TakesTurns>()?.Queue is not { } queue)
        {
            await next(http);
            return;
        }

        var caller = CallerOf(http);
        log.LogDebug("{Path} for {Caller} arrived", http.Request.Path, caller);
        var arrived = time.GetTimestamp();
        using var turn = await EnterAsync(queue, http, caller);
        if (turn is null)
        {
            log.LogInformation("{Path} for {Caller}: the queue is full", http.Request.Path, caller);
            await Problems.WriteAsync(http, new Error("queue_full", "The queue is full; try again later.", ErrorKind.TooMany) { RetryAfter = queue.RetryAfter });
            return;
        }

        log.LogDebug("{Path} for {Caller} started", http.Request.Path, caller);
        var began = time.GetTimestamp();
        var status = StatusCodes.Status500InternalServerError;
        try
        {
            await next(http);
            status = http.Response.StatusCode;
        }
        finally
        {
            if (http.RequestAborted.IsCancellationRequested)
                status = StatusCodes.Status499ClientClosedRequest;
            log.LogInformation(
                "{Path} for {Caller}: {Status}, waited {Waited:F0} ms, ran {Ran:F0} ms",
                http.Request.Path, caller, status, time.GetElapsedTime(arrived, began).TotalMilliseconds, time.GetElapsedTime(began).TotalMilliseconds);
        }
    }

    private async Task<IDisposable?> EnterAsync(FairQueue queue, HttpContext http, string caller)
    {
        try
        {
            return await queue.EnterAsync(caller, http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            log.LogDebug("{Path} for {Caller} hung up while it waited", http.Request.Path, caller);
            throw;
        }
    }

    private static string CallerOf(HttpContext http)
        => $"{http.Connection.RemoteIpAddress}" + (http.Request.Headers[CallerHeader].ToString() is var name && Name().IsMatch(name) ? "/" + name : string.Empty);

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Name();
}
