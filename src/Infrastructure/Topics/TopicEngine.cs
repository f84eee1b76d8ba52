using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Embedding;
using AIChat.Infrastructure.Topics.Linking;
using Microsoft.Extensions.DependencyInjection;

namespace AIChat.Infrastructure.Topics;

internal static class TopicEngine
{
    /// <summary>Registers what finds conversations: the embedder, the linkers and the classifier.</summary>
    internal static IServiceCollection AddTopicEngine(this IServiceCollection services) => services
        .AddSingleton<IMessageEmbedder, NgramEmbedder>()
        .AddSingleton<ISentenceEmbedder, NoSentenceEmbedder>()
        .AddSingleton<ILinkerFactory, LearnedLinkerFactory>()
        .AddSingleton<IConversationClassifier, ConversationClassifier>()
        .AddSingleton<IDriftDetector, DriftDetector>();
}
