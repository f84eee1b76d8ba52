using AIChat.Domain.Summaries;
using AIChat.Infrastructure.Summaries.LanguageModels;
using AIChat.Infrastructure.Topics.Encoders;

namespace AIChat.Infrastructure;

/// <summary>What the adapters need to know.</summary>
/// <param name="DataFolder">Where the database and uploads are kept.</param>
/// <param name="ImportMaxBytes">The largest transcript.</param>
/// <param name="ReclassifyMinutes">How often rooms that changed are looked at again.</param>
public sealed record InfrastructureOptions(string DataFolder, long ImportMaxBytes, int ReclassifyMinutes)
{
    /// <summary>The address of the MongoDB that holds everything but uploads; null: an embedded database in the data folder. It may hold a password.</summary>
    public string? MongoUri { get; init; }

    /// <summary>The user name, where the address has none.</summary>
    public string? MongoUser { get; init; }

    /// <summary>Its password.</summary>
    public string? MongoPassword { get; init; }

    /// <summary>A classifier elsewhere, with a slash at its end, that is asked before the one in this process; null: none.</summary>
    public Uri? ModelServerUrl { get; init; }

    /// <summary>What it is shown.</summary>
    public string? ModelServerToken { get; init; }

    /// <summary>The sentence encoder; null: none.</summary>
    public EmbeddingOptions? Embedding { get; init; }

    /// <summary>The language model that sums up; null: none.</summary>
    public LanguageModelOptions? LanguageModel { get; init; }

    /// <summary>What that may cost in a month.</summary>
    public Budgets Budgets { get; init; } = new(null, null, null);

    /// <summary>Nothing that is secret.</summary>
    public override string ToString() => $"{nameof(InfrastructureOptions)} {{ {DataFolder} }}";
}
