using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace AIChat.Infrastructure.Common;

/// <summary>HTTP clients for servers that may be away: calls are retried, and after too many failures not made for a while.</summary>
internal static class ResilientHttp
{
    /// <summary>A client without a timeout: the caller knows how long an answer may take.</summary>
    public static IHttpClientBuilder AddResilientHttpClient(this IServiceCollection services, string name, Func<IServiceProvider, RetryLimits> limits)
    {
        var client = services.AddHttpClient(name, client => client.Timeout = Timeout.InfiniteTimeSpan)
            // A redirect would send the texts to a server that the operator did not choose.
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = TimeSpan.FromSeconds(10),
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            });
        client.AddResilienceHandler("retry and breaker", (pipeline, context) =>
        {
            var how = limits(context.ServiceProvider);
            pipeline.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
            pipeline.AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = how.MaxRetries,
                Delay = how.FirstPause,
                ShouldHandle = tried => ValueTask.FromResult(
                    HttpClientResiliencePredicates.IsTransient(tried.Outcome) && !(tried.Outcome.Result?.Headers.RetryAfter?.Delta > how.MaxPause)),
            });
            pipeline.AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = how.MinCalls * (how.MaxRetries + 1),
                SamplingDuration = TimeSpan.FromMinutes(1),
                BreakDuration = how.BreakDuration,
            });
        });
        return client;
    }
}

/// <summary>When a call is retried, and when calls stop.</summary>
/// <param name="MaxRetries">After 408, 429, 5xx and connection failures.</param>
/// <param name="FirstPause">Before the first retry; later pauses are longer, with jitter.</param>
/// <param name="MaxPause">A server that asks for a longer pause (<c>Retry-After</c>) is not retried.</param>
/// <param name="MinCalls">After this many calls within a minute of which half of the tries failed, no calls are made.</param>
/// <param name="BreakDuration">How long no calls are made then.</param>
internal sealed record RetryLimits(int MaxRetries, TimeSpan FirstPause, TimeSpan MaxPause, int MinCalls, TimeSpan BreakDuration);
