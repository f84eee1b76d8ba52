using AIChat.Domain.Summaries;
using AIChat.Infrastructure.Common;
using AIChat.Infrastructure.LanguageModels;
using AIChat.Infrastructure.Summaries.Extractive;
using AIChat.Infrastructure.Summaries.LanguageModels;
using AIChat.Infrastructure.Topics.Outcomes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure.Summaries;

internal static class SummaryServices
{
    public static IServiceCollection AddSummaries(this IServiceCollection services)
    {
        services.TryAddSingleton<OutcomeFinder>();
        return services.AddSingleton<ExtractiveSummarizer>().AddSingleton<ISummarizer>(provider => provider.GetRequiredService<ExtractiveSummarizer>());
    }

    /// <summary>Replaces the extractive engine by a language model, which falls back to it.</summary>
    public static IServiceCollection AddLanguageModel(this IServiceCollection services, LanguageModelOptions? options)
    {
        if (options is null)
            return services;
        services.AddResilientHttpClient(LanguageModel.ClientName, _ => new RetryLimits(3, TimeSpan.FromMilliseconds(500), options.AnswerTimeout, 2, TimeSpan.FromSeconds(30)));
        services.AddSingleton(provider => new LanguageModel(options, provider.GetRequiredService<IHttpClientFactory>().CreateClient(LanguageModel.ClientName)));
        return services.Replace(ServiceDescriptor.Singleton<ISummarizer>(provider => new ModelSummarizer(
            provider.GetRequiredService<LanguageModel>(),
            provider.GetRequiredService<ISpending>(),
            provider.GetRequiredService<ExtractiveSummarizer>(),
            provider.GetRequiredService<ILogger<ModelSummarizer>>())));
    }
}
