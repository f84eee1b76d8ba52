using System.Collections.Concurrent;
using AIChat.Infrastructure.Persistence.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AIChat.Infrastructure.Persistence.Sqlite;

/// <summary>The database file: opens it, brings it up to date, and gives out contexts. One process at a time, because numbers are given out by its one writer.</summary>
internal sealed class SqliteDatabase : IDatabase, IDisposable
{
    private const int MaxIdleReaders = 16;

    private readonly string path;
    private readonly ConcurrentBag<AIChatDbContext> readers = [];
    private readonly DbContextOptions<AIChatDbContext> options;
    private FileStream? lockFile;

    public SqliteDatabase(string path)
    {
        this.path = path;
        options = new DbContextOptionsBuilder<AIChatDbContext>()
            .UseSqlite(new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 10, Pooling = false }.ConnectionString)
            .Options;
    }

    /// <summary>What named the file, for sentences about it.</summary>
    public string Setting { get; init; } = "AICHAT_DATA";

    /// <summary>Where the file will lie that this one is to become; null: where it is. Its place is locked.</summary>
    public string? Place { get; init; }

    /// <summary>Reads with a context whose connection stays open between reads; it tracks nothing.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be read now.</exception>
    public async Task<T> ReadAsync<T>(Func<AIChatDbContext, Task<T>> read)
    {
        AIChatDbContext? context = null;
        try
        {
            if (!readers.TryTake(out context))
            {
                context = new AIChatDbContext(options);
                context.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
                await context.Database.OpenConnectionAsync();

                // SQLite's own knows only ASCII.
                ((SqliteConnection)context.Database.GetDbConnection()).CreateFunction("lower", (string? text) => text?.ToLowerInvariant(), isDeterministic: true);
            }

            var result = await read(context);
            if (readers.Count < MaxIdleReaders)
            {
                readers.Add(context);
                context = null;
            }

            return result;
        }
        catch (Exception failure) when (SqliteFailures.OutageOf(failure) is { } outage)
        {
            throw outage;
        }
        finally
        {
            if (context is not null)
                await context.DisposeAsync();
        }
    }

    /// <summary>Makes the file if it is missing and applies what migrations it lacks.</summary>
    /// <exception cref="StoreUnavailableException">With one sentence that says what is wrong.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        try
        {
            lockFile = new FileStream((Place ?? path) + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException(
                "storage_unavailable",
                failure is UnauthorizedAccessException || !Directory.Exists(Path.GetDirectoryName(path))
                    ? $"{Setting}: {Path.GetDirectoryName(path)} cannot be written to; choose another folder."
                    : $"{Setting}: another server already works with {Path.GetDirectoryName(path)}; stop it, or choose another folder.",
                failure);
        }

        try
        {
            await using var context = await OpenForWritingAsync();

            // A server that was killed while migrating leaves this behind, and the next one would wait for it for ever; the file's lock says that nobody else migrates.
            await context.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellation);
            await context.Database.MigrateAsync(cancellation);
        }
        catch (SqliteException failure) when (SqliteFailures.OutageOf(failure) is { Code: "storage_full" })
        {
            throw new StoreUnavailableException("storage_full", $"{Setting}: the disk that holds {Path.GetDirectoryName(path)} is full; make room on it, or choose another folder.", failure);
        }
        catch (SqliteException failure)
        {
            throw new StoreUnavailableException("storage_unavailable", $"{Setting}: {path} cannot be opened as a database (SQLite error {failure.SqliteErrorCode}); restore it from a copy or move it away.", failure);
        }
    }

    public async Task<AIChatDbContext> OpenForWritingAsync()
    {
        var context = new AIChatDbContext(options);
        try
        {
            await context.Database.OpenConnectionAsync();

            // FULL: a commit is on disk when it returns, also when the power fails.
            await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;");
            context.Database.AutoSavepointsEnabled = false;
            return context;
        }
        catch
        {
            await context.DisposeAsync();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var reader in readers)
            reader.Dispose();
        lockFile?.Dispose();
    }
}
