using AIChat.Application.Common;
using AIChat.Domain.Jobs;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;
using AIChat.Infrastructure.Persistence.Common;

namespace AIChat.Infrastructure.Persistence.DataMigration;

/// <summary>All entities of one kind in a store, which are copied, counted and compared together.</summary>
internal abstract class MigratedCollection(string name)
{
    /// <summary>
    /// Every kind, in the order of copying: rooms and messages before the rows that stores keep inside them. A new kind needs one line here, if both stores map its entity as it is
    /// under this name. Leases are left out: running servers hold them, and none runs during a migration.
    /// </summary>
    public static readonly IReadOnlyList<MigratedCollection> All =
    [
        new MigratedCollection<User>("users"),
        new MigratedCollection<Session>("sessions"),
        new MigratedCollection<Room>("rooms"),
        new MigratedCollection<ReadRow>("reads"),
        new MigratedCollection<Topic>("topics"),
        new MigratedCollection<Message>("messages"),
        new MigratedCollection<ChangeRow>("changes"),
        new MigratedCollection<Correction>("corrections"),
        new MigratedCollection<ReclassifiedRow>("reclassified"),
        new MigratedCollection<MessageEmbedding>("vectors"),
        new MigratedCollection<Summary>("summaries"),
        new MigratedCollection<SummaryPart>("summaryParts"),
        new MigratedCollection<SummaryVote>("summaryVotes"),
        new MigratedCollection<SpendingEntry>("spending"),
        new MigratedCollection<Job>("jobs"),
    ];

    public string Name => name;

    public abstract Type Entity { get; }

    public abstract Task<long> CountAsync(MigrationSource store, CancellationToken cancellation);

    /// <summary>Copies the entities that the record does not count yet.</summary>
    /// <param name="source">The store that is read.</param>
    /// <param name="target">The store that is filled.</param>
    /// <param name="record">The record so far.</param>
    /// <param name="copied">Called after each batch with its size.</param>
    /// <param name="cancellation">Ends the copying between two batches.</param>
    /// <returns>The record that counts them.</returns>
    public abstract Task<MigrationRecord> CopyAsync(MigrationSource source, MigrationTarget target, MigrationRecord record, Action<long> copied, CancellationToken cancellation);

    /// <summary>Counts all entities and sums up their contents.</summary>
    public abstract Task<Tally> TallyAsync(MigrationSource store, Action<long> read, CancellationToken cancellation);
}

/// <inheritdoc/>
internal sealed class MigratedCollection<T>(string name) : MigratedCollection(name)
    where T : class
{
    // A batch ends at the first of the two limits: an answer of a language model can be as large as hundreds of messages.
    private const int MaxEntries = 1000;
    private const int MaxBytes = 4 * 1024 * 1024;

    public override Type Entity => typeof(T);

    public override Task<long> CountAsync(MigrationSource store, CancellationToken cancellation) => store.CountAsync<T>(Name, cancellation);

    public override async Task<MigrationRecord> CopyAsync(MigrationSource source, MigrationTarget target, MigrationRecord record, Action<long> copied, CancellationToken cancellation)
    {
        var batch = new List<T>();
        var bytes = 0L;
        await foreach (var entity in source.ReadAsync<T>(Name, record.CopiedOf(Name), cancellation))
        {
            batch.Add(entity);
            bytes += CanonicalContent.Of(entity).Length;
            if (batch.Count == MaxEntries || bytes >= MaxBytes)
                await WriteAsync();
        }

        if (batch.Count > 0)
            await WriteAsync();
        return record;

        async Task WriteAsync()
        {
            cancellation.ThrowIfCancellationRequested();
            record = record.With(Name, record.CopiedOf(Name) + batch.Count);
            await target.WriteAsync(Name, batch, record);
            copied(batch.Count);
            batch.Clear();
            bytes = 0;
        }
    }

    public override async Task<Tally> TallyAsync(MigrationSource store, Action<long> read, CancellationToken cancellation)
    {
        const int tellEach = 500;
        var sum = new ContentSum();
        await foreach (var entity in store.ReadAsync<T>(Name, 0, cancellation))
        {
            sum.Add(CanonicalContent.Of(entity));
            if (sum.Count % tellEach == 0)
                read(tellEach);
        }

        read(sum.Count % tellEach);
        return sum.ToTally();
    }
}
