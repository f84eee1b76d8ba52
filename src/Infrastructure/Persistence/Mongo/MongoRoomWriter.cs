using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using Microsoft.Extensions.Logging;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>
/// Stores the new messages of one room, for one server. Messages that arrive while a batch is being written go into the next one (group commit). Numbers come from the messages
/// themselves: n + 1 is inserted only after n was seen, in order, under a unique index; a writer that meets a taken number looks again. So a crash at any moment leaves a prefix
/// and never a gap, and any number of servers may write to a room. People's messages go before imports. An import has no transaction: it knows its last stored line, and a
/// transaction that a dead server leaves open would lock the room for a minute.
/// </summary>
internal sealed class MongoRoomWriter(MongoConnection mongo, RoomId room, TimeProvider time, ILogger log)
{
    private const int MaxTogether = 256;

    // Each failed try means that another server was faster; the pauses add up to some seconds.
    private const int MaxTries = 200;

    // Each failed try means that the database could not answer, after the driver tried twice.
    private const int MaxOutages = 3;

    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly Queue<Piece> _sent = new();
    private readonly Queue<Piece> _imported = new();
    private bool _busy;
    private bool _isImportsTurn;

    // The last number that this writer has seen; null: it must look.
    private long? _last;
    private bool _exists;

    public Task<Result<Appended>> AppendAsync(IReadOnlyList<Message> messages)
    {
        var piece = new Piece(messages);
        lock (_gate)
        {
            (messages.Count == 1 ? _sent : _imported).Enqueue(piece);
            if (!_busy)
                _ = Task.Run(WriteAllAsync);
            _busy = true;
        }

        return piece.Task;
    }

    private async Task WriteAllAsync()
    {
        while (true)
        {
            List<Piece> together;
            lock (_gate)
            {
                together = Next();
                if (together.Count == 0)
                {
                    _busy = false;
                    return;
                }
            }

            try
            {
                await WriteAsync(together);
            }
#pragma warning disable CA1031 // any failure is passed on to the callers, and the next batch is tried afresh
            catch (Exception failure)
#pragma warning restore CA1031
            {
                _last = null;
                log.LogError(failure, "{Count} sendings to room {Room} were not stored", together.Count, room);
                foreach (var piece in together)
                    piece.Fail(MongoFailures.OutageOf(failure) ?? failure);
            }
        }
    }

    /// <summary>All that people sent so far, or one piece of an import; the two take turns. Of two sendings with one client id the second waits for the first.</summary>
    private List<Piece> Next()
    {
        var next = new List<Piece>();
        if (_imported.Count > 0 && (_isImportsTurn || _sent.Count == 0))
        {
            _isImportsTurn = false;
            next.Add(_imported.Dequeue());
            return next;
        }

        _isImportsTurn = true;
        var clientIds = new HashSet<(Domain.Users.UserId?, string)>();
        while (next.Count < MaxTogether && _sent.TryPeek(out var piece))
        {
            if (piece.Messages[0].ClientMessageId is { } id && !clientIds.Add((piece.Messages[0].UserId, id)))
                break;
            next.Add(_sent.Dequeue());
        }

        return next;
    }

    private async Task WriteAsync(List<Piece> together)
    {
        _exists = _exists || await mongo.Rooms.Find(stored => stored.Id == room).AnyAsync();
        if (!_exists)
        {
            foreach (var piece in together)
                piece.Answer(RoomErrors.NotFound);
            return;
        }

        var stored = await StoreAsync([.. together.SelectMany(piece => piece.Messages)]);
        await MoveRoomAsync();
        foreach (var piece in together)
        {
            List<Message> messages = [.. piece.Messages.Select(message => stored[message])];
            piece.Answer(new Appended(messages, Repeated: messages.Zip(piece.Messages).Any(pair => !ReferenceEquals(pair.First, pair.Second))));
        }
    }

    /// <summary>Inserts messages until each is stored, by this call or by an earlier one.</summary>
    /// <returns>The stored message for each of them.</returns>
    private async Task<Dictionary<Message, Message>> StoreAsync(List<Message> messages)
    {
        var stored = new Dictionary<Message, Message>(ReferenceEqualityComparer.Instance);
        var left = messages;
        var outages = 0;
        for (var tries = 1; left.Count > 0; tries++)
        {
            _last ??= await LastSeqAsync();
            var seq = _last.Value;
            foreach (var message in left)
                message.Number(++seq);
            try
            {
                await mongo.Raw(Collections.Messages).InsertManyAsync(left.Select(MessageDocuments.Of));
                _last = seq;
                foreach (var message in left)
                    stored[message] = message;
                break;
            }
            catch (Exception failure) when (MongoFailures.IsDuplicate(failure) ? tries < MaxTries : MongoFailures.OutageOf(failure) is not null && ++outages < MaxOutages)
            {
                // A number was taken, a client id was used, or the outcome is unknown: in all three cases the stored messages tell.
                _last = null;
                foreach (var (message, found) in await FindStoredAsync(left))
                    stored[message] = found;
                left = [.. left.Where(message => !stored.ContainsKey(message))];
            }

            if (tries > 2)
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(tries, MaxPause.TotalMilliseconds)));
        }

        return stored;
    }

    /// <summary>Which of these are stored, by an earlier try (under their own id) or by an earlier sending (under its client id, or as the same line of an import).</summary>
    private async Task<List<(Message Message, Message Stored)>> FindStoredAsync(List<Message> messages)
    {
        var same = Builders<Message>.Filter;
        var ways = new List<FilterDefinition<Message>> { same.In(stored => stored.Id, messages.Select(message => message.Id)) };
        foreach (var author in messages.Where(message => message.ClientMessageId is not null).GroupBy(message => message.UserId))
            ways.Add(same.Eq(stored => stored.UserId, author.Key) & same.In(stored => stored.ClientMessageId, author.Select(message => message.ClientMessageId)));
        foreach (var import in messages.Where(message => message.ImportedBy is not null).GroupBy(message => message.ImportedBy))
            ways.Add(same.Eq(stored => stored.ImportedBy, import.Key) & same.In(stored => stored.ImportLine, import.Select(message => message.ImportLine)));
        var found = new List<Message>();
        foreach (var way in ways)
            found.AddRange(await mongo.Messages.Find(same.Eq(stored => stored.RoomId, room) & way).ToListAsync());

        var byId = found.DistinctBy(stored => stored.Id).ToDictionary(stored => stored.Id);
        var bySending = found.DistinctBy(stored => stored.Id).Where(stored => stored.ClientMessageId is not null).ToDictionary(stored => (stored.UserId, stored.ClientMessageId));
        var byLine = found.DistinctBy(stored => stored.Id).Where(stored => stored.ImportedBy is not null).ToDictionary(stored => (stored.ImportedBy, stored.ImportLine));
        var pairs = new List<(Message, Message)>();
        foreach (var message in messages)
        {
            if (byId.TryGetValue(message.Id, out var own))
            {
                message.Number(own.Seq);
                pairs.Add((message, message));
            }
            else if (bySending.TryGetValue((message.UserId, message.ClientMessageId), out var first) || byLine.TryGetValue((message.ImportedBy, message.ImportLine), out first))
            {
                pairs.Add((message, first));
            }
        }

        return pairs;
    }

    private async Task<long> LastSeqAsync()
        => await mongo.Messages.Find(message => message.RoomId == room).SortByDescending(message => message.Seq).Limit(1).Project(message => message.Seq).FirstOrDefaultAsync();

    /// <summary>Moves the room's counters. The messages are stored even if this fails; the next batch or the next assignment moves the counters too.</summary>
    private async Task MoveRoomAsync()
    {
        try
        {
            _last ??= await LastSeqAsync();
            await mongo.Rooms.UpdateOneAsync(
                Builders<Room>.Filter.Eq(Fields.Id, room.Value) & Builders<Room>.Filter.Eq(stored => stored.Id, room),
                Builders<Room>.Update.Max(stored => stored.LastSeq, _last.Value).Max(stored => stored.LastActiveAt, time.GetUtcNow()));
        }
        catch (Exception failure) when (MongoFailures.OutageOf(failure) is not null)
        {
            log.LogWarning(failure, "Room {Room} does not yet show its last messages", room);
        }
    }

    private sealed class Piece(IReadOnlyList<Message> messages)
    {
        private readonly TaskCompletionSource<Result<Appended>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<Message> Messages => messages;

        public Task<Result<Appended>> Task => _done.Task;

        public void Answer(Result<Appended> result) => _done.TrySetResult(result);

        public void Fail(Exception failure) => _done.TrySetException(failure);
    }
}
