using System.Runtime.CompilerServices;
using System.Text.Json;
using AIChat.Application.Common;
using AIChat.Domain.Messages;
using AIChat.Domain.Users;
using AIChat.Infrastructure.Persistence.DataMigration;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AIChat.Infrastructure.Persistence.Sqlite;

/// <summary>
/// The embedded store as one side of a migration. A source is locked as by a server that works with it, so none does meanwhile, and is brought up to date as by one. A target
/// is filled beside its place, under another name, and takes its place when it is whole: a server never sees half of it. A batch and the record that counts it are one
/// transaction.
/// </summary>
internal sealed class SqliteMigrationStore : MigrationTarget
{
    private const string Unfinished = ".partial";
    private const int Constraint = 19;

    // In the database that was filled, for the next run; servers do not know it.
    private const string MakeRecord = "CREATE TABLE IF NOT EXISTS migration (Id INTEGER PRIMARY KEY CHECK (Id = 1), Record TEXT NOT NULL)";
    private const string SaveRecord = "INSERT INTO migration VALUES (1, @record) ON CONFLICT DO UPDATE SET Record = excluded.Record";
    private const string HasRecord = "SELECT 1 FROM sqlite_master WHERE name = 'migration'";

    private readonly string _path;
    private readonly Dictionary<string, long> _rowOfRoom = new(StringComparer.Ordinal);
    private string? _opened;
    private SqliteDatabase? _database;
    private AIChatDbContext? _writing;

    public SqliteMigrationStore(string path) => _path = path;

    public override string Name => "sqlite:" + _path;

    private AIChatDbContext Context => _writing ?? throw new InvalidOperationException("It is not open.");

    /// <exception cref="StoreUnavailableException">A server works with it, or it cannot be read.</exception>
    public static async Task<Result<MigrationSource>> OpenSourceAsync(string path, CancellationToken cancellation)
    {
        if (!File.Exists(path))
            return MigrationErrors.SourceMissing;
        if (!IsOurs(path))
            return MigrationErrors.SourceForeign;
        var side = new SqliteMigrationStore(path);
        try
        {
            await side.OpenAsync(path, "--from", cancellation);
            var known = side.Context.Database.GetMigrations();
            if (!(await side.Context.Database.GetAppliedMigrationsAsync(cancellation)).Except(known).Any())
                return side;
        }
        catch
        {
            await side.DisposeAsync();
            throw;
        }

        await side.DisposeAsync();
        return MigrationErrors.SourceNewer;
    }

    public override async Task<Result<MigrationRecord>> BeginAsync(string source, DateTimeOffset now, CancellationToken cancellation)
    {
        var isWhole = File.Exists(_path);
        if (isWhole && !(IsOurs(_path) && Ask(_path, HasRecord)))
            return MigrationErrors.TargetTaken;
        MakeFolder();
        await OpenAsync(isWhole ? _path : _path + Unfinished, "--to", cancellation);
        await Context.Prepared(MakeRecord).ExecuteNonQueryAsync(cancellation);
        if (await Context.Prepared("SELECT Record FROM migration").ExecuteScalarAsync(cancellation) is not string stored)
            Save(stored = JsonSerializer.Serialize(MigrationRecord.Begin(source, now), JsonSerializerOptions.Default));
        var record = JsonSerializer.Deserialize<MigrationRecord>(stored, JsonSerializerOptions.Default)!;
        return record.Source == source ? record : MigrationErrors.TargetTaken;
    }

    public override async Task<long> CountAsync<T>(string collection, CancellationToken cancellation)
        => await Context.Set<T>().LongCountAsync(cancellation);

    public override IAsyncEnumerable<T> ReadAsync<T>(string collection, long skip, CancellationToken cancellation)
        => RowsAsync<T>(skip, cancellation).TellingOutages(SqliteFailures.OutageOf);

    public override async Task WriteAsync<T>(string collection, IReadOnlyList<T> batch, MigrationRecord record)
    {
        try
        {
            await using var transaction = await Context.Database.BeginTransactionAsync();
            foreach (var entity in batch)
            {
                var row = Context.Add(entity);
                if (entity is User user)
                    row.Property(AIChatDbContext.FoldedNickname).CurrentValue = SearchTerms.Fold(user.Nickname);
            }

            await Context.SaveChangesAsync();
            foreach (var message in batch.OfType<Message>())
            {
                if (message.Content is { } content)
                    SearchIndex.Add(Context, SqliteMessageRepository.RowOf(Context, message), SearchIndex.DocumentOf(RowOfRoom(message.RoomId.Value), content));
            }

            Save(JsonSerializer.Serialize(record, JsonSerializerOptions.Default));
            await transaction.CommitAsync();
            Context.ChangeTracker.Clear();
        }
        catch (DbUpdateException failure) when (failure.InnerException is SqliteException { SqliteErrorCode: Constraint })
        {
            // A batch is stored with its record or not at all, so this one was never there: the source is no longer what it was.
            throw new StoreUnavailableException("storage_unavailable", $"--from was written to since this migration began; delete {_opened}, stop the servers of --from, and run it again.", failure);
        }
        catch (Exception failure) when (SqliteFailures.OutageOf(failure) is { } outage)
        {
            throw outage;
        }
    }

    public override async Task FinishAsync(MigrationRecord record)
    {
        Save(JsonSerializer.Serialize(record, JsonSerializerOptions.Default));
        if (_opened == _path)
            return;

        // Closing the last connection brings everything into the one file; the place stays locked.
        await Context.DisposeAsync();
        _writing = null;
        File.Move(_path + Unfinished, _path);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_writing is not null)
            await _writing.DisposeAsync();
        _writing = null;
        _database?.Dispose();
        _database = null;
    }

    private static bool IsOurs(string path) => Ask(path, "SELECT count(*) = 3 FROM sqlite_master WHERE type = 'table' AND name IN ('__EFMigrationsHistory', 'rooms', 'messages')");

    private static bool Ask(string path, string question)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ConnectionString);
            connection.Open();
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this class
            command.CommandText = question;
#pragma warning restore CA2100
            return command.ExecuteScalar() is 1L;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    /// <summary>Where that cannot be, opening the database says so.</summary>
    private void MakeFolder()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
        }
    }

    private async Task OpenAsync(string file, string setting, CancellationToken cancellation)
    {
        _opened = file;
        _database = new SqliteDatabase(file) { Setting = setting, Place = _path };
        await _database.OpenAsync(cancellation);
        _writing = await _database.OpenForWritingAsync();
    }

    private void Save(string record) => Context.Prepared(SaveRecord, ("@record", record)).ExecuteNonQuery();

    private long RowOfRoom(string room)
    {
        if (!_rowOfRoom.TryGetValue(room, out var row))
            row = _rowOfRoom[room] = (long)Context.Prepared("""SELECT "Row" FROM rooms WHERE "Id" = @id""", ("@id", room)).ExecuteScalar()!;
        return row;
    }

    // By key, which is an index and stays the same: rows without a key of their own may move when a file is compacted.
    private async IAsyncEnumerable<T> RowsAsync<T>(long skip, [EnumeratorCancellation] CancellationToken cancellation)
        where T : class
    {
        var type = Context.Model.FindEntityType(typeof(T))!;
        var keys = string.Join(", ", type.FindPrimaryKey()!.Properties.Select(property => $"\"{property.GetColumnName()}\""));
#pragma warning disable EF1002 // names of the model
        await using var reading = await _database!.OpenForWritingAsync();
        var rows = reading.Set<T>().FromSqlRaw($"SELECT * FROM \"{type.GetTableName()}\" ORDER BY {keys} LIMIT -1 OFFSET {{0}}", skip).AsNoTracking().AsAsyncEnumerable();
#pragma warning restore EF1002
        await foreach (var row in rows.WithCancellation(cancellation))
            yield return row;
    }
}
