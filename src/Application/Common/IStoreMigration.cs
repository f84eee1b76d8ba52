namespace AIChat.Application.Common;

/// <summary>Copies everything that one store holds into another, empty one.</summary>
public interface IStoreMigration
{
    /// <summary>
    /// Copies, then reads both sides again and compares them. Stopped at any moment, even by a crash, it goes on where it was when it is run again.
    /// </summary>
    /// <param name="from"><c>sqlite:PATH</c> or <c>mongodb://…</c>; neither it nor <paramref name="to"/> is ever repeated, because a password may be inside.</param>
    /// <param name="to">Likewise.</param>
    /// <param name="progress">Told now and then, from any thread.</param>
    /// <param name="cancellation">Ends it between two batches.</param>
    /// <returns>What was compared; whether all of it is equal is for the caller to look at.</returns>
    /// <exception cref="StoreUnavailableException">One side cannot be reached, or a server works with it; the message is one sentence.</exception>
    Task<Result<MigrationReport>> RunAsync(string from, string to, IProgress<MigrationProgress> progress, CancellationToken cancellation);
}

public enum MigrationStep
{
    Copying,
    Comparing,
}

/// <summary>How far a migration is.</summary>
/// <param name="Step">What it does.</param>
/// <param name="Collection">What it works on.</param>
/// <param name="Done">Entries that this step is done with, on both sides where it compares.</param>
/// <param name="Total">Of so many.</param>
public sealed record MigrationProgress(MigrationStep Step, string Collection, long Done, long Total);

/// <summary>What a migration has come to.</summary>
/// <param name="Source">Where from, without anything secret.</param>
/// <param name="Target">Where to, likewise.</param>
/// <param name="IsContinued">An earlier run was stopped, and this one went on.</param>
/// <param name="IsRepeated">An earlier run had finished: nothing was copied, only compared.</param>
/// <param name="Collections">Every collection, as it was read back from both sides.</param>
/// <param name="Notes">What else is to be said, a sentence each.</param>
public sealed record MigrationReport(
    string Source, string Target, bool IsContinued, bool IsRepeated, IReadOnlyList<ComparedCollection> Collections, IReadOnlyList<string> Notes)
{
    public bool IsEqual => Collections.All(collection => collection.IsEqual);
}

public sealed record ComparedCollection(string Name, Tally Source, Tally Target)
{
    public bool IsEqual => Source == Target;
}

/// <summary>What a collection holds, in any order.</summary>
/// <param name="Count">Entries.</param>
/// <param name="Checksum">Of their whole content, as hexadecimal digits.</param>
public sealed record Tally(long Count, string Checksum);

public static class MigrationErrors
{
    public static readonly Error BadSource = Error.Invalid("migration_bad_source", "The source is neither sqlite:PATH nor an address such as mongodb://host:27017/aichat.");
    public static readonly Error BadTarget = Error.Invalid("migration_bad_target", "The target is neither sqlite:PATH nor an address such as mongodb://host:27017/aichat.");
    public static readonly Error SameStore = Error.Invalid("migration_same_store", "The source and the target are the same database.");
    public static readonly Error SourceMissing = Error.NotFound("migration_source_missing", "The source does not exist.");
    public static readonly Error SourceForeign = Error.Invalid("migration_source_foreign", "The source is no database of AIChat, nor one of the original's shape.");
    public static readonly Error SourceNewer = Error.Invalid("migration_source_newer", "A newer version of AIChat wrote the source.");
    public static readonly Error TargetTaken = Error.Conflict("migration_target_taken", "The target holds data that this migration did not copy.");
}
