using AIChat.Application.Common;
using AIChat.Infrastructure.Persistence.DataMigration;
using AIChat.Infrastructure.Persistence.Mongo;
using AIChat.Infrastructure.Persistence.Sqlite;

namespace AIChat.Infrastructure.Persistence;

/// <param name="time">For the record.</param>
/// <param name="mongoUser">For addresses without a user name.</param>
/// <param name="mongoPassword">Its password.</param>
internal sealed class StoreMigration(TimeProvider time, string? mongoUser, string? mongoPassword) : IStoreMigration
{
    private const string Sqlite = "sqlite:";

    public async Task<Result<MigrationReport>> RunAsync(string from, string to, IProgress<MigrationProgress> progress, CancellationToken cancellation)
    {
        if (!TryFind(from, out var sourceFile, out var sourceAddress))
            return MigrationErrors.BadSource;
        if (!TryFind(to, out var targetFile, out var targetAddress))
            return MigrationErrors.BadTarget;
        if (sourceFile == targetFile && sourceAddress?.ToString() == targetAddress?.ToString())
            return MigrationErrors.SameStore;

        var opened = sourceFile is not null
            ? await SqliteMigrationStore.OpenSourceAsync(sourceFile, cancellation)
            : await MongoMigrationStore.OpenSourceAsync(sourceAddress!, cancellation);
        if (!opened.Succeeded(out var source, out var refusal))
            return refusal;
        await using var closing = source;
        await using MigrationTarget target = targetFile is not null ? new SqliteMigrationStore(targetFile) : new MongoMigrationStore(targetAddress!, "--to");
        if (!(await target.BeginAsync(source.Name, time.GetUtcNow(), cancellation)).Succeeded(out var record, out var conflict))
            return conflict;

        var (isContinued, isRepeated) = (record.Copied.Count > 0, record.FinishedAt is not null);
        if (!isRepeated)
            record = await CopyAsync(source, target, record, progress, cancellation);
        var compared = await CompareAsync(source, target, progress, cancellation);
        var report = new MigrationReport(source.Name, target.Name, isContinued, isRepeated, compared, source.Notes);

        // Also where it was finished before: a file may have been left without its name.
        if (report.IsEqual)
            await target.FinishAsync(record with { FinishedAt = record.FinishedAt ?? time.GetUtcNow() });
        return report;
    }

    internal static async Task<MigrationRecord> CopyAsync(
        MigrationSource source, MigrationTarget target, MigrationRecord record, IProgress<MigrationProgress> progress, CancellationToken cancellation)
    {
        var (done, total) = (0L, 0L);
        foreach (var part in MigratedCollection.All)
            total += await part.CountAsync(source, cancellation);
        foreach (var part in MigratedCollection.All)
        {
            Tell(record.CopiedOf(part.Name));
            record = await part.CopyAsync(source, target, record, Tell, cancellation);

            void Tell(long copied) => progress.Report(new MigrationProgress(MigrationStep.Copying, part.Name, done += copied, total));
        }

        return record;
    }

    /// <summary>Reads both sides at the same time.</summary>
    internal static async Task<IReadOnlyList<ComparedCollection>> CompareAsync(MigrationSource source, MigrationSource target, IProgress<MigrationProgress> progress, CancellationToken cancellation)
    {
        var (done, total) = (0L, 0L);
        foreach (var part in MigratedCollection.All)
            total += await part.CountAsync(source, cancellation) + await part.CountAsync(target, cancellation);
        var compared = new List<ComparedCollection>();
        foreach (var part in MigratedCollection.All)
        {
            var other = Task.Run(() => part.TallyAsync(target, Tell, cancellation), cancellation);
            var own = Task.Run(() => part.TallyAsync(source, Tell, cancellation), cancellation);
            await Task.WhenAll(own, other);
            compared.Add(new ComparedCollection(part.Name, await own, await other));

            void Tell(long read) => progress.Report(new MigrationProgress(MigrationStep.Comparing, part.Name, Interlocked.Add(ref done, read), total));
        }

        return compared;
    }

    /// <summary>A file, or an address; a folder that is there stands for the database in it.</summary>
    private bool TryFind(string text, out string? file, out MongoAddress? address)
    {
        (file, address) = (null, null);
        if (text.StartsWith(Sqlite, StringComparison.Ordinal) && text.Length > Sqlite.Length)
        {
            file = Path.GetFullPath(text[Sqlite.Length..]);
            if (Directory.Exists(file))
                file = Path.Combine(file, "aichat.db");
            return true;
        }

        try
        {
            address = MongoAddress.Parse(text, mongoUser, mongoPassword);
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }
}
