using AIChat.Domain.Summaries;
using Microsoft.Extensions.DependencyInjection;

namespace AIChat.Infrastructure.Summaries;

internal static class SummaryServices
{
    public static IServiceCollection AddSummaries(this IServiceCollection services) => services.AddSingleton<ISummarizer, ExtractiveSummarizer>();
}
