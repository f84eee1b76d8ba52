using Xunit.Abstractions;

namespace AIChat.Tests;

/// <summary>Starts the classes that take longest before the others, so that none of them runs alone at the end.</summary>
internal sealed class SlowestFirst : ITestCollectionOrderer
{
    // By their time on two quiet cores, the longest first.
    private static readonly string[] Slow =
    [
        "LocalEmbeddingTests", "JobTwiceTests", "EnduranceTests", "ClassifierKilledTests", "CrashTests", "RemoteEmbeddingTests", "StoredDataTests", "OutageTests", "MigrateTests", "DigestTests", "BackplaneTests",
        "MongoFaultTests", "ConversationClassifierPropertyTests", "EncoderReferenceTests", "UbuntuIrcTests", "MongoMigrationTests", "OddAnswerTests", "MongoStoreTests", "ConversationClassifierTests",
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections)
        => testCollections.OrderBy(Rank).ThenBy(collection => collection.DisplayName, StringComparer.Ordinal);

    private static int Rank(ITestCollection collection)
    {
        var rank = Array.FindIndex(Slow, name => collection.DisplayName.EndsWith($".{name}", StringComparison.Ordinal));
        return rank < 0 ? Slow.Length : rank;
    }
}
