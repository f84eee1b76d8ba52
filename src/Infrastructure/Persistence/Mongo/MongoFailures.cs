using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>Which of the driver's exceptions are outages rather than bugs, and which say that something is there already.</summary>
internal static class MongoFailures
{
    private const int DuplicateKey = 11000;
    private const int DuplicateKeyOfUpdate = 11001;
    private const int OutOfDiskSpace = 14031;

    // https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml: host unreachable or not found, timeouts, no primary, stepping down, shutting
    // down, a write concern that cannot be met, a transaction that lost against another one for as long as it was tried.
    private static readonly HashSet<int> Outages =
    [
        6, 7, 24, 50, 64, 79, 89, 91, 100, 112, 133, 134, 189, 202, 251, 262, 317, 334, 9001, 10058, 10107, 11600, 11602, 13388, 13435, 13436,
    ];

    /// <summary>The outage behind an exception; null: it is something else.</summary>
    public static StoreUnavailableException? OutageOf(Exception failure)
    {
        if (failure is StoreUnavailableException known)
            return known;
        if (Codes(failure).Contains(OutOfDiskSpace))
            return new StoreUnavailableException("storage_full", "The database's disk is full.", failure);
        return failure is TimeoutException or MongoConnectionException or MongoClientException or MongoNotPrimaryException or MongoNodeIsRecoveringException or MongoExecutionTimeoutException or MongoWriteConcernException
            || Codes(failure).Any(Outages.Contains) ? new StoreUnavailableException("store_unavailable", "The database cannot be reached now.", failure) : null;
    }

    /// <summary>Whether the server refuses the user name or the password.</summary>
    public static bool IsRefusal(Exception failure)
        => failure is MongoAuthenticationException || failure.InnerException is MongoAuthenticationException || failure is MongoCommandException { Code: 13 or 18 };

    /// <summary>Whether a unique index stood in the way. Servers name the index differently, so callers look for the existing document instead.</summary>
    public static bool IsDuplicate(Exception failure) => Codes(failure).Any(code => code is DuplicateKey or DuplicateKeyOfUpdate);

    /// <summary>Whether every document of a batch that was not written is there already.</summary>
    public static bool IsOnlyDuplicates(MongoBulkWriteException failure)
        => failure.WriteConcernError is null && failure.WriteErrors.All(error => error.Code is DuplicateKey or DuplicateKeyOfUpdate);

    private static IEnumerable<int> Codes(Exception failure) => failure switch
    {
        MongoBulkWriteException bulk => [.. bulk.WriteErrors.Select(error => error.Code), bulk.WriteConcernError?.Code ?? 0],
        MongoWriteException write => [write.WriteError?.Code ?? 0, write.WriteConcernError?.Code ?? 0],
        MongoCommandException command => [command.Code],
        _ => [],
    };
}
