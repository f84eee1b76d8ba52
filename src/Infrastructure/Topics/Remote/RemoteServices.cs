using System.Net.Http.Headers;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace AIChat.Infrastructure.Topics.Remote;

internal static class RemoteServices
{
    private const int TriesAfterTheFirst = 2;
    private const long LongestAnswer = 64 * 1024 * 1024;

    /// <summary>Puts a classifier elsewhere before the one in this process.</summary>
    internal static IServiceCollection AddRemoteClassifier(this IServiceCollection services, Uri address, string? token)
    {
        services.TryAddSingleton(RemotePatience.Usual);
        services.AddSingleton<ConversationClassifier>();
        services.Replace(ServiceDescriptor.Singleton<IConversationClassifier, RemoteClassifier>());
        services.AddHttpClient(RemoteClassifier.ClientName, (provider, client) =>
            {
                client.BaseAddress = address;
                // Its patience is the classifier's own, by the length of the window.
                client.Timeout = Timeout.InfiniteTimeSpan;
                client.MaxResponseContentBufferSize = LongestAnswer;
                if (token is not null)
                    client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
                if (provider.GetService<NodeName>() is { } node)
                    client.DefaultRequestHeaders.Add("X-Caller", node.Queue);
            })
            // A redirect would carry the texts to who knows where.
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = TimeSpan.FromSeconds(5),
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            })
            .AddResilienceHandler("retry and breaker", (pipeline, context) =>
            {
                var patience = context.ServiceProvider.GetRequiredService<RemotePatience>();
                pipeline.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
                pipeline.AddRetry(new HttpRetryStrategyOptions
                {
                    MaxRetryAttempts = TriesAfterTheFirst,
                    Delay = patience.FirstPause,
                    ShouldHandle = tried => ValueTask.FromResult(
                        HttpClientResiliencePredicates.IsTransient(tried.Outcome) && !(tried.Outcome.Result?.Headers.RetryAfter?.Delta > patience.LongestPause)),
                });
                pipeline.AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
                {
                    FailureRatio = 0.5,
                    MinimumThroughput = TriesAfterTheFirst + 1,
                    SamplingDuration = TimeSpan.FromMinutes(1),
                    BreakDuration = patience.Break,
                });
            });
        return services;
    }
}
