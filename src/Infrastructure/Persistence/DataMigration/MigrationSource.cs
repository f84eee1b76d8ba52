namespace AIChat.Infrastructure.Persistence.DataMigration;

/// <summary>A store that is read from its beginning to its end.</summary>
internal abstract class MigrationSource : IAsyncDisposable
{
    /// <summary>Which one it is, without anything secret.</summary>
    public abstract string Name { get; }

    /// <summary>What is to be said of how it was read, a sentence each.</summary>
    public virtual IReadOnlyList<string> Notes => [];

    public abstract Task<long> CountAsync<T>(MigratedCollection<T> part, CancellationToken cancellation)
        where T : class;

    /// <summary>Everything of one kind, in an order that is the same each time as long as nothing is written.</summary>
    /// <param name="part">The kind.</param>
    /// <param name="skip">Leaves out so many at the beginning.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="StoreUnavailableException">It cannot be read now.</exception>
    public abstract IAsyncEnumerable<T> ReadAsync<T>(MigratedCollection<T> part, long skip, CancellationToken cancellation)
        where T : class;

    public abstract ValueTask DisposeAsync();
}

/// <summary>A store that a migration fills. It keeps the record of the migration itself, so that the next run knows how far this one came.</summary>
internal abstract class MigrationTarget : MigrationSource
{
    /// <summary>The record of this migration, begun now or by an earlier run; or why this store cannot be filled.</summary>
    /// <param name="source">Where it comes from.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellation">Ends the wait for the store.</param>
    public abstract Task<Result<MigrationRecord>> BeginAsync(string source, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Stores a batch and then the record, which counts it. What of the batch is there already, from a run that died between the two, stays as it is.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be written now.</exception>
    public abstract Task WriteAsync<T>(MigratedCollection<T> part, IReadOnlyList<T> batch, MigrationRecord record)
        where T : class;

    /// <summary>Lets servers work with the store from now on.</summary>
    public abstract Task FinishAsync(MigrationRecord record);
}

/// <summary>How far a migration is; kept in its target.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="StartedAt">When it was run for the first time.</param>
/// <param name="FinishedAt">When everything was there and equal; null: it goes on.</param>
/// <param name="Copied">How many of each part are there, by name.</param>
internal sealed record MigrationRecord(string Source, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, IReadOnlyDictionary<string, long> Copied)
{
    public static MigrationRecord Begin(string source, DateTimeOffset now) => new(source, now, null, new Dictionary<string, long>(StringComparer.Ordinal));

    public long CopiedOf(string part) => Copied.GetValueOrDefault(part);

    public MigrationRecord With(string part, long copied) => this with { Copied = new Dictionary<string, long>(Copied, StringComparer.Ordinal) { [part] = copied } };
}

internal static class OutageGuard
{
    /// <summary>The same, but an outage of the store in the middle of the reading is told as one.</summary>
    public static async IAsyncEnumerable<T> TellingOutages<T>(this IAsyncEnumerable<T> source, Func<Exception, StoreUnavailableException?> outageOf)
    {
        await using var all = source.GetAsyncEnumerator();
        while (await NextAsync())
            yield return all.Current;

        async Task<bool> NextAsync()
        {
            try
            {
                return await all.MoveNextAsync();
            }
            catch (Exception failure) when (outageOf(failure) is { } outage)
            {
                throw outage;
            }
        }
    }
}
