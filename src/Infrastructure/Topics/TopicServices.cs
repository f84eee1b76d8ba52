using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Classifiers;
using AIChat.Infrastructure.Topics.Encoders;
using AIChat.Infrastructure.Topics.Linking;
using AIChat.Infrastructure.Topics.Ngrams;
using AIChat.Infrastructure.Topics.Outcomes;
using AIChat.Infrastructure.Topics.Turns;
using Microsoft.Extensions.DependencyInjection;

namespace AIChat.Infrastructure.Topics;

internal static class TopicServices
{
    /// <summary>Registers what finds conversations: the embedder, the linkers and the classifier.</summary>
    internal static IServiceCollection AddTopicEngine(this IServiceCollection services) => services
        .AddSingleton<IMessageEmbedder, NgramEmbedder>()
        .AddSingleton<ISentenceEmbedder, NoSentenceEmbedder>()
        .AddSingleton<ILinkerFactory, LearnedLinkerFactory>()
        .AddSingleton<IConversationClassifier, ConversationClassifier>()
        .AddSingleton<IDriftDetector, DriftDetector>()
        .AddSingleton<IOutcomeFinder, OutcomeFinder>();
}
