using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure.Persistence.Sqlite;

/// <summary>
/// The only writer. Work waits in a queue. All work that arrives while a transaction is being written goes into the next one (group commit), each piece behind its own savepoint,
/// so that a piece that fails is rolled back alone. Callers get their answers after the commit is on disk. People's work goes before the server's own: a transaction takes all of
/// the former and one piece of the latter, or more while they are quick and no person waits.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int MaxTogether = 256;

    private static readonly TimeSpan OwnTime = TimeSpan.FromMilliseconds(4);

    private readonly Channel<Work> _interactive = Channel.CreateUnbounded<Work>();
    private readonly Channel<Work> _background = Channel.CreateUnbounded<Work>();
    private readonly SemaphoreSlim _waiting = new(0);
    private readonly SqliteDatabase _database;
    private readonly ILogger<SqliteWriter> _log;
    private readonly Task _loop;
    private volatile bool _closing;

    public SqliteWriter(SqliteDatabase database, ILogger<SqliteWriter> log)
    {
        _database = database;
        _log = log;
        _loop = Task.Run(WriteAllAsync);
    }

    /// <summary>Transactions that were committed, for tests and metrics.</summary>
    public long Commits { get; private set; }

    /// <summary>Writes what a person waits for.</summary>
    public Task<T> WriteAsync<T>(Func<AIChatDbContext, Task<T>> work) => EnqueueAsync(_interactive, work);

    /// <summary>Writes what the server does on its own, in pieces small enough not to keep people waiting.</summary>
    public Task<T> WriteInBackgroundAsync<T>(Func<AIChatDbContext, Task<T>> work) => EnqueueAsync(_background, work);

    public async ValueTask DisposeAsync()
    {
        _interactive.Writer.TryComplete();
        _background.Writer.TryComplete();
        _closing = true;
        _waiting.Release();
        await _loop;
        _waiting.Dispose();
    }

    private Task<T> EnqueueAsync<T>(Channel<Work> queue, Func<AIChatDbContext, Task<T>> work)
    {
        var piece = new Work<T>(work);
        if (!queue.Writer.TryWrite(piece))
            throw new StoreUnavailableException("draining", "The server is stopping.", new ObjectDisposedException(nameof(SqliteWriter)));
        _waiting.Release();
        return piece.Task;
    }

    private async Task WriteAllAsync()
    {
        AIChatDbContext? context = null;
        var together = new List<Work>();
        while (true)
        {
            // Read before the queues: once it is true, nothing more can arrive in them.
            var last = _closing;
            if (_interactive.Reader.Count + _background.Reader.Count == 0)
            {
                if (last)
                    break;
                await _waiting.WaitAsync();
                continue;
            }

            while (together.Count < MaxTogether && _interactive.Reader.TryRead(out var next))
                together.Add(next);
            if (_background.Reader.TryRead(out var own))
                together.Add(own);
            try
            {
                context ??= await _database.OpenForWritingAsync();
                await CommitAsync(context, together);
            }
#pragma warning disable CA1031 // any failure is passed on to the callers, and the next transaction is tried afresh
            catch (Exception failure)
#pragma warning restore CA1031
            {
                var outage = SqliteFailures.OutageOf(failure) ?? failure;
                _log.LogError(failure, "A transaction of {Count} was not committed", together.Count);
                foreach (var piece in together)
                    piece.Fail(outage);
                if (context is not null)
                    await context.DisposeAsync();
                context = null;
            }

            together.Clear();
        }

        if (context is null)
            return;
        await using (context)
        {
            try
            {
                await context.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)");
            }
            catch (SqliteException failure)
            {
                _log.LogWarning(failure, "The write-ahead log was left as it is; the next start reads it");
            }
        }
    }

    /// <summary>Takes more of the server's own work as long as it is quick and no person waits.</summary>
    private bool TakeMore(List<Work> together, long since)
    {
        if (_interactive.Reader.Count > 0 || Stopwatch.GetElapsedTime(since) > OwnTime || !_background.Reader.TryRead(out var next))
            return false;
        together.Add(next);
        return true;
    }

    private async Task CommitAsync(AIChatDbContext context, List<Work> together)
    {
        var connection = (SqliteConnection)context.Database.GetDbConnection();
        await using var transaction = connection.BeginTransaction(deferred: false);
        await context.Database.UseTransactionAsync(transaction);
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < together.Count || TakeMore(together, begun); i++)
        {
            var piece = together[i];
            await context.Prepared("SAVEPOINT piece").ExecuteNonQueryAsync();
            try
            {
                await piece.DoAsync(context);
                await context.Prepared("RELEASE piece").ExecuteNonQueryAsync();
            }
#pragma warning disable CA1031 // the failure is passed on to the caller of this piece; the others continue
            catch (Exception failure) when (SqliteFailures.OutageOf(failure) is null)
#pragma warning restore CA1031
            {
                await context.Prepared("ROLLBACK TO piece").ExecuteNonQueryAsync();
                piece.FailLater(failure);
            }
            finally
            {
                context.ChangeTracker.Clear();
            }
        }

        await transaction.CommitAsync();
        await context.Database.UseTransactionAsync(null);
        Commits++;
        foreach (var piece in together)
            piece.Answer();
    }

    private abstract class Work
    {
        public abstract Task DoAsync(AIChatDbContext context);

        public abstract void FailLater(Exception failure);

        public abstract void Fail(Exception failure);

        public abstract void Answer();
    }

    private sealed class Work<T>(Func<AIChatDbContext, Task<T>> work) : Work
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Exception? _failed;
        private T? _result;

        public Task<T> Task => _done.Task;

        public override async Task DoAsync(AIChatDbContext context) => _result = await work(context);

        public override void FailLater(Exception failure) => _failed = failure;

        public override void Fail(Exception failure) => _done.TrySetException(failure);

        public override void Answer()
        {
            if (_failed is null)
                _done.TrySetResult(_result!);
            else
                _done.TrySetException(_failed);
        }
    }
}
