using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure.Persistence.Sqlite;

/// <summary>
/// The one writer. Pieces of work wait in a queue; whatever waits while a transaction is being written goes into the next one together (group commit), each
/// behind a savepoint of its own, so that one that fails takes back only itself. Nobody is answered before the commit is on disk. People's work goes before the
/// server's own: a transaction takes all of the former, and of the latter one piece, and more while it is quick and nobody waits.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int MaxTogether = 256;

    private static readonly TimeSpan OwnTime = TimeSpan.FromMilliseconds(4);

    private readonly Channel<Work> interactive = Channel.CreateUnbounded<Work>();
    private readonly Channel<Work> background = Channel.CreateUnbounded<Work>();
    private readonly SemaphoreSlim waiting = new(0);
    private readonly SqliteDatabase database;
    private readonly ILogger<SqliteWriter> log;
    private readonly Task loop;
    private volatile bool closing;

    public SqliteWriter(SqliteDatabase database, ILogger<SqliteWriter> log)
    {
        this.database = database;
        this.log = log;
        loop = Task.Run(WriteAllAsync);
    }

    /// <summary>Transactions that were committed, for tests and metrics.</summary>
    public long Commits { get; private set; }

    /// <summary>Writes what somebody is waiting for.</summary>
    public Task<T> WriteAsync<T>(Func<AIChatDbContext, Task<T>> work) => EnqueueAsync(interactive, work);

    /// <summary>Writes what the server does on its own, in pieces small enough not to keep people waiting.</summary>
    public Task<T> WriteInBackgroundAsync<T>(Func<AIChatDbContext, Task<T>> work) => EnqueueAsync(background, work);

    public async ValueTask DisposeAsync()
    {
        interactive.Writer.TryComplete();
        background.Writer.TryComplete();
        closing = true;
        waiting.Release();
        await loop;
        waiting.Dispose();
    }

    private Task<T> EnqueueAsync<T>(Channel<Work> queue, Func<AIChatDbContext, Task<T>> work)
    {
        var piece = new Work<T>(work);
        if (!queue.Writer.TryWrite(piece))
            throw new StoreUnavailableException("draining", "The server is stopping.", new ObjectDisposedException(nameof(SqliteWriter)));
        waiting.Release();
        return piece.Task;
    }

    private async Task WriteAllAsync()
    {
        AIChatDbContext? context = null;
        var together = new List<Work>();
        while (true)
        {
            // Asked before the queues are looked at: once it is true, nothing more can come into them.
            var last = closing;
            if (interactive.Reader.Count + background.Reader.Count == 0)
            {
                if (last)
                    break;
                await waiting.WaitAsync();
                continue;
            }

            while (together.Count < MaxTogether && interactive.Reader.TryRead(out var next))
                together.Add(next);
            if (background.Reader.TryRead(out var own))
                together.Add(own);
            try
            {
                context ??= await database.OpenForWritingAsync();
                await CommitAsync(context, together);
            }
#pragma warning disable CA1031 // whatever it is, those who wait hear of it and the next transaction is tried afresh
            catch (Exception failure)
#pragma warning restore CA1031
            {
                var outage = SqliteFailures.OutageOf(failure) ?? failure;
                log.LogError(failure, "A transaction of {Count} was not committed", together.Count);
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
                log.LogWarning(failure, "The write-ahead log was left as it is; the next start reads it");
            }
        }
    }

    /// <summary>Takes more of the server's own work as long as it is quick and nobody waits.</summary>
    private bool TakeMore(List<Work> together, long since)
    {
        if (interactive.Reader.Count > 0 || Stopwatch.GetElapsedTime(since) > OwnTime || !background.Reader.TryRead(out var next))
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
#pragma warning disable CA1031 // it is told to whoever asked for this piece; the others go on
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
        private readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Exception? failed;
        private T? result;

        public Task<T> Task => done.Task;

        public override async Task DoAsync(AIChatDbContext context) => result = await work(context);

        public override void FailLater(Exception failure) => failed = failure;

        public override void Fail(Exception failure) => done.TrySetException(failure);

        public override void Answer()
        {
            if (failed is null)
                done.TrySetResult(result!);
            else
                done.TrySetException(failed);
        }
    }
}
