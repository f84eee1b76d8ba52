using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AIChat.Infrastructure.Persistence.Sqlite;

/// <summary>Which of SQLite's errors are outages (https://sqlite.org/rescode.html) rather than bugs.</summary>
internal static class SqliteFailures
{
    private const int Full = 13;

    // SQLITE_IOERR_SHMSIZE: no room for the index of the write-ahead log, which is how a disk that is full at the start shows itself.
    private const int NoRoomForSharedMemory = 10 | (19 << 8);

    private static readonly HashSet<int> Outages = [5, 6, 7, 8, 10, 11, 13, 14, 26];

    /// <summary>The outage behind an exception; null: it is something else.</summary>
    public static StoreUnavailableException? OutageOf(Exception failure)
    {
        var sqlite = failure as SqliteException ?? (failure as DbUpdateException)?.InnerException as SqliteException;
        if (sqlite is null || !Outages.Contains(sqlite.SqliteErrorCode))
            return null;
        return sqlite.SqliteErrorCode == Full || sqlite.SqliteExtendedErrorCode == NoRoomForSharedMemory
            ? new StoreUnavailableException("storage_full", "The disk is full.", failure)
            : new StoreUnavailableException("storage_unavailable", "The database cannot be used now.", failure);
    }
}
