using AIChat.Domain.Topics;
using Microsoft.Extensions.DependencyInjection;

namespace AIChat.Infrastructure.Topics.Naming;

internal static class NamingServices
{
    public static IServiceCollection AddNaming(this IServiceCollection services) => services.AddSingleton<ITopicNamer, KeywordNamer>();
}
