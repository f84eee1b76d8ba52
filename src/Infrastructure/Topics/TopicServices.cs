using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Classifiers;
using AIChat.Infrastructure.Topics.Encoders;
using AIChat.Infrastructure.Topics.LanguageModels;
using AIChat.Infrastructure.Topics.Linking;
using AIChat.Infrastructure.Topics.Ngrams;
using AIChat.Infrastructure.Topics.Outcomes;
using AIChat.Infrastructure.Topics.Turns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

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
        .AddSingleton<IOutcomeFinder, OutcomeFinder>()
        .AddSingleton<IDisentangler, NoDisentangler>();

    /// <summary>Lets a language model find conversations too; it must be registered.</summary>
    internal static IServiceCollection AddDisentangler(this IServiceCollection services)
        => services.Replace(ServiceDescriptor.Singleton<IDisentangler, ModelDisentangler>());
}
