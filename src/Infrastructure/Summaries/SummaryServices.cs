using AIChat.Domain.Summaries;
using AIChat.Infrastructure.Summaries.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Polly;

namespace AIChat.Infrastructure.Summaries;

internal static class SummaryServices
{
    private const int TriesAfterTheFirst = 3;

    public static IServiceCollection AddSummaries(this IServiceCollection services) => services.AddSingleton<ISummarizer, ExtractiveSummarizer>();

    /// <summary>Lets a language model sum up, and the extractive engine where it cannot.</summary>
    public static IServiceCollection AddLanguageModel(this IServiceCollection services, LanguageModelOptions? options)
    {
        if (options is null)
            return services;
        services.AddHttpClient(LanguageModel.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            // A redirect would carry the texts to who knows where.
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = TimeSpan.FromSeconds(10),
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            })
            .AddResilienceHandler("retry and breaker", (pipeline, context) =>
            {
                pipeline.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
                pipeline.AddRetry(new HttpRetryStrategyOptions
                {
                    MaxRetryAttempts = TriesAfterTheFirst,
                    Delay = TimeSpan.FromMilliseconds(500),
                    ShouldHandle = tried => ValueTask.FromResult(
                        HttpClientResiliencePredicates.IsTransient(tried.Outcome) && !(tried.Outcome.Result?.Headers.RetryAfter?.Delta > options.Patience)),
                });
                pipeline.AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
                {
                    FailureRatio = 0.5,
                    MinimumThroughput = 2 * (TriesAfterTheFirst + 1),
                    SamplingDuration = TimeSpan.FromMinutes(1),
                    BreakDuration = TimeSpan.FromSeconds(30),
                });
            });
        return services.Replace(ServiceDescriptor.Singleton<ISummarizer>(provider => new ModelSummarizer(
            new LanguageModel(options, provider.GetRequiredService<IHttpClientFactory>().CreateClient(LanguageModel.ClientName)),
            provider.GetRequiredService<ISpending>(),
            provider.GetRequiredService<ILogger<ModelSummarizer>>())));
    }
}
