namespace AIChat.Application.Common;

/// <summary>Copies the whole content of one store into another, empty one.</summary>
public interface IStoreMigration
{
    /// <summary>
    /// Copies, then reads both stores again and compares them. After an interruption, even a crash, the next run continues where it stopped.
    /// </summary>
    /// <param name="from"><c>sqlite:PATH</c> or <c>mongodb://…</c>. Neither address appears in messages, because it may contain a password.</param>
    /// <param name="to">The same forms.</param>
    /// <param name="progress">Receives reports from time to time, from any thread.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <returns>The comparison; the caller checks whether everything is equal.</returns>
    /// <exception cref="StoreUnavailableException">A store cannot be reached, or a server uses it; the message is one sentence.</exception>
    Task<Result<MigrationReport>> RunAsync(string from, string to, IProgress<MigrationProgress> progress, CancellationToken cancellation);
}

public enum MigrationStep
{
    Copying,
    Comparing,
}

/// <summary>The progress of a migration.</summary>
/// <param name="Step">The current step.</param>
/// <param name="Collection">The current collection.</param>
/// <param name="Done">Entries that the step has processed; while comparing, of both stores.</param>
/// <param name="Total">Entries that the step processes altogether.</param>
public sealed record MigrationProgress(MigrationStep Step, string Collection, long Done, long Total);

/// <summary>The outcome of a migration.</summary>
/// <param name="Source">The source without secrets.</param>
/// <param name="Target">The target without secrets.</param>
/// <param name="IsContinued">This run continued an interrupted one.</param>
/// <param name="IsRepeated">An earlier run had finished; this one only compared.</param>
/// <param name="Collections">Every collection as it was read back from both stores.</param>
/// <param name="Notes">Further remarks, a sentence each.</param>
public sealed record MigrationReport(
    string Source, string Target, bool IsContinued, bool IsRepeated, IReadOnlyList<ComparedCollection> Collections, IReadOnlyList<string> Notes)
{
    public bool IsEqual => Collections.All(collection => collection.IsEqual);
}

public sealed record ComparedCollection(string Name, Tally Source, Tally Target)
{
    public bool IsEqual => Source == Target;
}

/// <summary>A collection's content, independent of its order.</summary>
/// <param name="Count">Number of entries.</param>
/// <param name="Checksum">Checksum of their whole content, in hexadecimal.</param>
public sealed record Tally(long Count, string Checksum);

public static class MigrationErrors
{
    public static readonly Error BadSource = Error.Invalid("migration_bad_source", "The source is neither sqlite:PATH nor an address such as mongodb://host:27017/aichat.");
    public static readonly Error BadTarget = Error.Invalid("migration_bad_target", "The target is neither sqlite:PATH nor an address such as mongodb://host:27017/aichat.");
    public static readonly Error SameStore = Error.Invalid("migration_same_store", "The source and the target are the same database.");
    public static readonly Error SourceMissing = Error.NotFound("migration_source_missing", "The source does not exist.");
    public static readonly Error SourceForeign = Error.Invalid("migration_source_foreign", "The source is neither a database of AIChat nor one of the original format.");
    public static readonly Error SourceNewer = Error.Invalid("migration_source_newer", "A newer version of AIChat wrote the source.");
    public static readonly Error TargetTaken = Error.Conflict("migration_target_taken", "The target holds data that this migration did not copy.");
}
