using System.Collections.Concurrent;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>A writer for each room that this server stores messages of.</summary>
internal sealed class MongoRoomWriters(MongoConnection mongo, TimeProvider time, ILogger<MongoRoomWriter> log) : IAsyncDisposable
{
    // Beyond so many, those that have nothing to do are forgotten; a new one has to look for the room and its last number first.
    private const int MaxKept = 10_000;

    private readonly ConcurrentDictionary<RoomId, MongoRoomWriter> _writers = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _underWay = [];
    private bool _closed;

    public async Task<Result<Appended>> AppendAsync(RoomId room, IReadOnlyList<Message> messages)
    {
        Task<Result<Appended>> appended;
        lock (_gate)
        {
            if (_closed)
                throw new StoreUnavailableException("draining", "The server is stopping.", new ObjectDisposedException(nameof(MongoRoomWriters)));
            appended = _writers.GetOrAdd(room, _ => new MongoRoomWriter(mongo, room, time, log)).AppendAsync(messages);
            _underWay.Add(appended);
        }

        try
        {
            return await appended;
        }
        finally
        {
            lock (_gate)
            {
                _underWay.Remove(appended);
                if (_writers.Count > MaxKept && _underWay.Count == 0)
                    _writers.Clear();
            }
        }
    }

    /// <summary>Stores what was taken, and takes no more.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] left;
        lock (_gate)
        {
            _closed = true;
            left = [.. _underWay];
        }

        await Task.WhenAll(left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
