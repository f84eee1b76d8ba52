using AIChat.Domain.Topics;
using Microsoft.Extensions.DependencyInjection;

namespace AIChat.Infrastructure.Topics;

internal static class TopicEngine
{
    /// <summary>Registers what finds conversations: the embedder, the linkers and the classifier.</summary>
    internal static IServiceCollection AddTopicEngine(this IServiceCollection services) => services
        .AddSingleton<IMessageEmbedder, NgramEmbedder>()
        .AddSingleton<ILinkerFactory, RuleLinkerFactory>()
        .AddSingleton<IConversationClassifier, ConversationClassifier>();
}
