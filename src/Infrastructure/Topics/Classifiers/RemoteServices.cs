using System.Net.Http.Headers;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AIChat.Infrastructure.Topics.Classifiers;

internal static class RemoteServices
{
    private const long LongestAnswer = 64 * 1024 * 1024;

    /// <summary>Replaces the classifier of this process by a remote one that falls back to it.</summary>
    internal static IServiceCollection AddRemoteClassifier(this IServiceCollection services, Uri address, string? token)
    {
        services.TryAddSingleton(RemoteClassifierLimits.Default);
        services.AddSingleton<ConversationClassifier>();
        services.Replace(ServiceDescriptor.Singleton<IConversationClassifier, RemoteClassifier>());
        services.AddResilientHttpClient(RemoteClassifier.ClientName, provider => LimitsOf(provider.GetRequiredService<RemoteClassifierLimits>()))
            .ConfigureHttpClient((provider, client) =>
            {
                client.BaseAddress = address;
                client.MaxResponseContentBufferSize = LongestAnswer;
                if (token is not null)
                    client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
                if (provider.GetService<NodeIdentity>() is { } node)
                    client.DefaultRequestHeaders.Add("X-Caller", node.Queue);
            });
        return services;
    }

    private static RetryLimits LimitsOf(RemoteClassifierLimits limits) => new(2, limits.FirstPause, limits.MaxPause, 1, limits.BreakDuration);
}
