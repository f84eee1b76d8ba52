using AIChat.Domain.Summaries;
using AIChat.Infrastructure.Common;
using AIChat.Infrastructure.Jobs;
using AIChat.Infrastructure.LanguageModels;
using AIChat.Infrastructure.Summaries;
using AIChat.Infrastructure.Topics.Classifiers;
using AIChat.Infrastructure.Topics.Encoders;
using AIChat.Infrastructure.Topics.Encoders.Hub;

namespace AIChat.Infrastructure;

/// <summary>The options of all adapters.</summary>
/// <param name="LanguageModel">Null: there is no language model.</param>
public sealed record InfrastructureOptions(
    StorageOptions Storage, JobOptions Jobs, ClassifierOptions Classifier, EmbeddingOptions Embedding, HubOptions Hub, LanguageModelOptions? LanguageModel, Budgets Budgets)
{
    /// <exception cref="SettingException">A value is wrong.</exception>
    public static InfrastructureOptions Read(SettingsReader read)
    {
        var budgets = BudgetOptions.Read(read);
        return new InfrastructureOptions(
            StorageOptions.Read(read),
            JobOptions.Read(read),
            ClassifierOptions.Read(read),
            EmbeddingOptions.Read(read),
            HubOptions.Read(read),
            LanguageModelOptions.Read(read, budgets),
            budgets);
    }
}
