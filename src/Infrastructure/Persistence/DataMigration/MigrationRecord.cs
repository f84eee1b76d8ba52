namespace AIChat.Infrastructure.Persistence.DataMigration;

/// <summary>The progress of a migration; kept in its target.</summary>
/// <param name="Source">The name of the store that is read.</param>
/// <param name="StartedAt">The time of the first run.</param>
/// <param name="FinishedAt">When everything was there and equal; null: it goes on.</param>
/// <param name="Copied">How many entities of each collection are there, by the collection's name.</param>
internal sealed record MigrationRecord(string Source, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, IReadOnlyDictionary<string, long> Copied)
{
    public static MigrationRecord Begin(string source, DateTimeOffset now) => new(source, now, null, new Dictionary<string, long>(StringComparer.Ordinal));

    public long CopiedOf(string collection) => Copied.GetValueOrDefault(collection);

    public MigrationRecord With(string collection, long copied) => this with { Copied = new Dictionary<string, long>(Copied, StringComparer.Ordinal) { [collection] = copied } };
}
