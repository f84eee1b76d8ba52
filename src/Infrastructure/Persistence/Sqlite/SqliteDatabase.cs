using AIChat.Domain.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace AIChat.Infrastructure.Persistence.Sqlite;

/// <summary>The database file: opens it, brings it up to date, and gives out contexts. One process at a time, because numbers are given out by its one writer.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    private readonly string path;
    private readonly PooledDbContextFactory<AIChatDbContext> readers;
    private readonly DbContextOptions<AIChatDbContext> writerOptions;
    private FileStream? lockFile;

    public SqliteDatabase(string path)
    {
        this.path = path;
        var source = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 10 };
        readers = new PooledDbContextFactory<AIChatDbContext>(Options(source), poolSize: 64);
        writerOptions = Options(new SqliteConnectionStringBuilder(source.ConnectionString) { Pooling = false });
    }

    /// <summary>A context to read with; it tracks nothing.</summary>
    public AIChatDbContext Read()
    {
        var context = readers.CreateDbContext();
        context.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        return context;
    }

    /// <summary>Makes the file if it is missing and applies what migrations it lacks.</summary>
    /// <exception cref="StoreUnavailableException">With one sentence that says what is wrong.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        try
        {
            lockFile = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException(
                "storage_unavailable",
                failure is UnauthorizedAccessException || !Directory.Exists(Path.GetDirectoryName(path))
                    ? $"AICHAT_DATA: {Path.GetDirectoryName(path)} cannot be written to; choose another folder."
                    : $"AICHAT_DATA: another server already works with {Path.GetDirectoryName(path)}; stop it, or choose another folder.",
                failure);
        }

        try
        {
            await using var context = await OpenForWritingAsync();
            await context.Database.MigrateAsync(cancellation);
        }
        catch (SqliteException failure) when (SqliteFailures.OutageOf(failure) is { Code: "storage_full" })
        {
            throw new StoreUnavailableException("storage_full", $"AICHAT_DATA: the disk that holds {Path.GetDirectoryName(path)} is full; make room on it, or choose another folder.", failure);
        }
        catch (SqliteException failure)
        {
            throw new StoreUnavailableException("storage_unavailable", $"AICHAT_DATA: {path} cannot be opened as a database (SQLite error {failure.SqliteErrorCode}); restore it from a copy or move it away.", failure);
        }
    }

    public async Task<AIChatDbContext> OpenForWritingAsync()
    {
        var context = new AIChatDbContext(writerOptions);
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
        using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 10 }.ConnectionString))
            SqliteConnection.ClearPool(connection);
        lockFile?.Dispose();
    }

    private static DbContextOptions<AIChatDbContext> Options(SqliteConnectionStringBuilder source)
        => new DbContextOptionsBuilder<AIChatDbContext>().UseSqlite(source.ConnectionString).Options;
}
