using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace AIChat.Infrastructure.Common;

/// <summary>How servers are asked that may be away: tried again, and after too many failures left alone for a while.</summary>
internal static class ResilientHttp
{
    /// <summary>A client with no patience of its own: whoever asks knows how long an answer may take.</summary>
    /// <param name="services">Where it goes.</param>
    /// <param name="name">The client's.</param>
    /// <param name="limits">How often and how soon it is asked again.</param>
    public static IHttpClientBuilder AddOtherServer(this IServiceCollection services, string name, Func<IServiceProvider, RetryLimits> limits)
    {
        var client = services.AddHttpClient(name, client => client.Timeout = Timeout.InfiniteTimeSpan)
            // A redirect would carry the texts to who knows where.
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
                MaxRetryAttempts = how.TriesAfterTheFirst,
                Delay = how.FirstPause,
                ShouldHandle = tried => ValueTask.FromResult(
                    HttpClientResiliencePredicates.IsTransient(tried.Outcome) && !(tried.Outcome.Result?.Headers.RetryAfter?.Delta > how.LongestPause)),
            });
            pipeline.AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = how.Calls * (how.TriesAfterTheFirst + 1),
                SamplingDuration = TimeSpan.FromMinutes(1),
                BreakDuration = how.BreakDuration,
            });
        });
        return client;
    }
}

/// <param name="TriesAfterTheFirst">After 408, 429, 5xx, and where nobody answers.</param>
/// <param name="FirstPause">Before the second try; later ones are longer, each by chance a little more or less.</param>
/// <param name="LongestPause">A server that asks for a longer one (Retry-After) is not tried again.</param>
/// <param name="Calls">So many within a minute, half of their tries failed, and nobody is asked for a while.</param>
/// <param name="BreakDuration">For how long.</param>
internal sealed record RetryLimits(int TriesAfterTheFirst, TimeSpan FirstPause, TimeSpan LongestPause, int Calls, TimeSpan BreakDuration);
