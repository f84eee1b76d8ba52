using System.Collections.Concurrent;
using System.Data;
using MongoDB.Bson;
using Npgsql;

namespace AIChat.MongoEngine;

/// <summary>A client's transaction is one of PostgreSQL on a connection of its own, until it is committed, aborted, failed, or left alone.</summary>
internal sealed class Transactions(NpgsqlDataSource postgres) : IDisposable
{
    // A client that was killed says nothing more; its locks must not outlive it by much.
    private static readonly TimeSpan Abandoned = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Transaction> _open = new(StringComparer.Ordinal);
    private Timer? _sweeper;

    /// <summary>The transaction that a command belongs to; null: none.</summary>
    public async Task<Transaction?> FindAsync(BsonDocument command)
    {
        if (!command.TryGetValue("autocommit", out var autocommit) || autocommit.AsBoolean)
            return null;
        _sweeper ??= new Timer(_ => _ = SweepAsync(), null, Abandoned, TimeSpan.FromMilliseconds(500));
        var key = KeyOf(command);
        if (command.GetValue("startTransaction", false).ToBoolean())
        {
            var connection = await postgres.OpenConnectionAsync();
            _open[key] = new Transaction(connection, await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead));
        }

        if (_open.TryGetValue(key, out var found))
        {
            found.Used = Environment.TickCount64;
            return found;
        }

        return command.GetElement(0).Name is "commitTransaction" or "abortTransaction" ? null : throw MongoError.NoTransaction;
    }

    public async Task EndAsync(BsonDocument command)
    {
        var commit = command.GetElement(0).Name == "commitTransaction";
        if (!_open.TryRemove(KeyOf(command), out var found) || found.IsDead)
            throw commit ? MongoError.NoTransaction : new MongoError(251, "NoSuchTransaction", "There is no such transaction.");
        if (commit)
            await found.CommitAsync();
        else
            await found.KillAsync();
    }

    public void Dispose() => _sweeper?.Dispose();

    private static string KeyOf(BsonDocument command) => $"{Convert.ToHexString(command["lsid"]["id"].AsBsonBinaryData.Bytes)}:{command["txnNumber"].ToInt64()}";

    private async Task SweepAsync()
    {
        foreach (var (key, transaction) in _open)
        {
            if (!transaction.IsBusy && Environment.TickCount64 - transaction.Used > Abandoned.TotalMilliseconds && _open.TryRemove(key, out _))
                await transaction.KillAsync();
        }
    }
}

internal sealed class Transaction(NpgsqlConnection connection, NpgsqlTransaction transaction)
{
    public NpgsqlConnection Connection => connection;

    public bool IsDead { get; private set; }

    public bool IsBusy { get; set; }

    public long Used { get; set; } = Environment.TickCount64;

    public async Task CommitAsync()
    {
        await using (connection)
            await transaction.CommitAsync();
    }

    public async Task KillAsync()
    {
        if (IsDead)
            return;
        IsDead = true;
        await using (connection)
        {
            try
            {
                await transaction.RollbackAsync();
            }
            catch (Exception broken) when (broken is NpgsqlException or InvalidOperationException)
            {
                // Gone with its connection.
            }
        }
    }
}
