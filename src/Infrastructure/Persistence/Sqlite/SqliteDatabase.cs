using System.Collections.Concurrent;
using AIChat.Infrastructure.Persistence.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AIChat.Infrastructure.Persistence.Sqlite;

/// <summary>The database file: opens it, brings it up to date, and gives out contexts. One process at a time, because numbers are given out by its one writer.</summary>
internal sealed class SqliteDatabase : IDatabase, IDisposable
{
    private const int MaxIdleReaders = 16;

    private readonly string _path;
    private readonly ConcurrentBag<AIChatDbContext> _readers = [];
    private readonly DbContextOptions<AIChatDbContext> _options;
    private FileStream? _lockFile;

    public SqliteDatabase(string path)
    {
        _path = path;
        _options = new DbContextOptionsBuilder<AIChatDbContext>()
            .UseSqlite(new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 10, Pooling = false }.ConnectionString)
            .Options;
    }

    /// <summary>The setting that names the file, for error messages.</summary>
    public string Setting { get; init; } = "AICHAT_DATA";

    /// <summary>The path that this file will be moved to, which is locked; null: it stays where it is.</summary>
    public string? Place { get; init; }

    /// <summary>Reads with a context whose connection stays open between reads; it tracks nothing.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be read now.</exception>
    public async Task<T> ReadAsync<T>(Func<AIChatDbContext, Task<T>> read)
    {
        AIChatDbContext? context = null;
        try
        {
            if (!_readers.TryTake(out context))
            {
                context = new AIChatDbContext(_options);
                context.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
                await context.Database.OpenConnectionAsync();

                // SQLite's own knows only ASCII.
                ((SqliteConnection)context.Database.GetDbConnection()).CreateFunction("lower", (string? text) => text?.ToLowerInvariant(), isDeterministic: true);
            }

            var result = await read(context);
            if (_readers.Count < MaxIdleReaders)
            {
                _readers.Add(context);
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
            _lockFile = new FileStream((Place ?? _path) + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException(
                "storage_unavailable",
                failure is UnauthorizedAccessException || !Directory.Exists(Path.GetDirectoryName(_path))
                    ? $"{Setting}: {Path.GetDirectoryName(_path)} cannot be written to; choose another folder."
                    : $"{Setting}: another server already works with {Path.GetDirectoryName(_path)}; stop it, or choose another folder.",
                failure);
        }

        try
        {
            await using var context = await OpenForWritingAsync();

            // A server that was killed while migrating leaves this table behind, and the next one would wait for ever. The lock on the file proves that no other server migrates.
            await context.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellation);
            await context.Database.MigrateAsync(cancellation);
        }
        catch (SqliteException failure) when (SqliteFailures.OutageOf(failure) is { Code: "storage_full" })
        {
            throw new StoreUnavailableException("storage_full", $"{Setting}: the disk that holds {Path.GetDirectoryName(_path)} is full; make room on it, or choose another folder.", failure);
        }
        catch (SqliteException failure)
        {
            throw new StoreUnavailableException("storage_unavailable", $"{Setting}: {_path} cannot be opened as a database (SQLite error {failure.SqliteErrorCode}); restore it from a copy or move it away.", failure);
        }
    }

    public async Task<AIChatDbContext> OpenForWritingAsync()
    {
        var context = new AIChatDbContext(_options);
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
        foreach (var reader in _readers)
            reader.Dispose();
        _lockFile?.Dispose();
    }
}
