namespace AIChat.Infrastructure.Persistence.DataMigration;

/// <summary>A store that is read from its beginning to its end, one collection after another.</summary>
internal abstract class MigrationSource : IAsyncDisposable
{
    /// <summary>The store's address, without anything secret.</summary>
    public abstract string Name { get; }

    /// <summary>Remarks on how it was read, a sentence each.</summary>
    public virtual IReadOnlyList<string> Notes => [];

    /// <param name="collection">The collection's name, as <see cref="MigratedCollection.All"/> lists it.</param>
    /// <param name="cancellation">Ends the counting.</param>
    public abstract Task<long> CountAsync<T>(string collection, CancellationToken cancellation)
        where T : class;

    /// <summary>All entities of a collection, in an order that is the same each time as long as nothing is written.</summary>
    /// <param name="collection">The collection's name, as <see cref="MigratedCollection.All"/> lists it.</param>
    /// <param name="skip">How many to leave out at the beginning.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public abstract IAsyncEnumerable<T> ReadAsync<T>(string collection, long skip, CancellationToken cancellation)
        where T : class;

    public abstract ValueTask DisposeAsync();
}

/// <summary>A store that a migration fills. It keeps the record of the migration itself, so that the next run continues where this one stopped.</summary>
internal abstract class MigrationTarget : MigrationSource
{
    /// <summary>The record of this migration, begun now or by an earlier run; or why this store cannot be filled.</summary>
    /// <param name="source">The name of the store that is read.</param>
    /// <param name="now">The start of a new record.</param>
    /// <param name="cancellation">Ends the wait for the store.</param>
    public abstract Task<Result<MigrationRecord>> BeginAsync(string source, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Stores a batch and then the record, which counts it. Entities that are there already, from a run that died between the two, stay as they are.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be written now.</exception>
    public abstract Task WriteAsync<T>(string collection, IReadOnlyList<T> batch, MigrationRecord record)
        where T : class;

    /// <summary>Lets servers work with the store from now on.</summary>
    public abstract Task FinishAsync(MigrationRecord record);
}
