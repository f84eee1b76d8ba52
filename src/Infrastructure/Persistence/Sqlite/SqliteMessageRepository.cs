using System.Collections.Concurrent;
using System.Text.Json;
using AIChat.Domain.Jobs;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Users;
using AIChat.Infrastructure.Persistence.Common;
using Ardalis.Specification;
using Microsoft.EntityFrameworkCore;

namespace AIChat.Infrastructure.Persistence.Sqlite;

internal sealed class SqliteMessageRepository(SqliteDatabase database, SqliteWriter writer, TimeProvider time) : IMessageRepository
{
    private const int SearchChunk = 200;

    // By name first: a room's writers may be many, those of one name are few.
    private const string WritersNamed = """
        SELECT u."Id", u."Nickname" FROM users u WHERE u."FoldedNickname" IN (SELECT value FROM json_each(@names))
        AND EXISTS (SELECT 1 FROM messages m WHERE m."RoomId" = @room AND m."UserId" = u."Id")
        """;

    // A room's row never changes.
    private readonly ConcurrentDictionary<RoomId, long> _rowOf = new();

    private static readonly Func<AIChatDbContext, RoomId, UserId?, string, Task<Message?>> FirstSent = EF.CompileAsyncQuery(
        (AIChatDbContext context, RoomId room, UserId? author, string clientId)
            => context.Messages.FirstOrDefault(stored => stored.RoomId == room && stored.UserId == author && stored.ClientMessageId == clientId));

    public async Task<Result<Appended>> AppendAsync(RoomId room, IReadOnlyList<Message> messages, CancellationToken cancellation)
    {
        if (await RowOfAsync(room, cancellation) is not { } row)
            return RoomErrors.NotFound;
        var documents = messages.Select(message => SearchIndex.DocumentOf(row, message.Content!)).ToList();

        // Many at once are an import: it does not go before people.
        return await (messages.Count == 1 ? writer.WriteAsync(Append) : writer.WriteInBackgroundAsync(Append));

        Task<Result<Appended>> Append(AIChatDbContext context) => AppendAsync(context, room, messages, documents);
    }

    public Task<Message?> FindAsync(RoomId room, MessageId id, CancellationToken cancellation) => database.ReadAsync(async context =>
    {
        return await context.Messages.FirstOrDefaultAsync(message => message.Id == id && message.RoomId == room, cancellation);
    });

    public Task<IReadOnlyList<Message>> FindManyAsync(RoomId room, IReadOnlyCollection<MessageId> ids, CancellationToken cancellation)
        => database.ReadAsync<IReadOnlyList<Message>>(async context =>
        {
            var wanted = ids.ToList();
            return await context.Messages.Where(message => wanted.Contains(message.Id) && message.RoomId == room).ToListAsync(cancellation);
        });

    public Task<IReadOnlyList<Message>> ListAsync(ISpecification<Message> specification, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<Message>>(async context =>
    {
        return await context.Messages.Apply(specification).ToListAsync(cancellation);
    });

    public Task<long> CountAsync(ISpecification<Message> specification, CancellationToken cancellation) => database.ReadAsync(async context =>
    {
        return await context.Messages.Meeting(specification).LongCountAsync(cancellation);
    });

    public Task<Result<Message>> ChangeAsync(RoomId room, MessageId id, Func<Message, Error?> change, CancellationToken cancellation) => writer.WriteAsync<Result<Message>>(async context =>
    {
        var message = await context.Messages.FirstOrDefaultAsync(stored => stored.Id == id && stored.RoomId == room, CancellationToken.None);
        if (message is null)
            return MessageErrors.NotFound;
        if (change(message) is { } refusal)
            return refusal;
        var home = await context.Rooms.FirstAsync(stored => stored.Id == room, CancellationToken.None);
        context.Add(new ChangeRow { RoomId = room, Rev = home.CountChange(message.IsDeleted), MessageId = id });
        await context.SaveChangesAsync(CancellationToken.None);
        var row = RowOf(context, message);
        await SearchIndex.RemoveAsync(context, row);
        if (message.Content is { } content)
            SearchIndex.Add(context, row, SearchIndex.DocumentOf(RowOf(context, home), content));
        return message;
    });

    public Task<IReadOnlyList<Message>> SearchAsync(
        RoomId room, IReadOnlyList<string> foldedWords, long? before, IReadOnlyCollection<TopicId>? topics, int limit, CancellationToken cancellation)
        => database.ReadAsync<IReadOnlyList<Message>>(async context =>
        {
            var home = await context.Rooms.Where(stored => stored.Id == room).Select(stored => EF.Property<long>(stored, AIChatDbContext.Row)).FirstOrDefaultAsync(cancellation);
            var below = before is { } seq ? await RowBeforeAsync(context, room, seq, cancellation) + 1 : long.MaxValue;
            var found = new List<Message>();
            while (found.Count < limit)
            {
                var rows = await SearchIndex.FindAsync(context, home, foldedWords, below, SearchChunk, cancellation);
                if (rows.Count == 0)
                    break;
                below = rows[^1];
                var candidates = await context.Messages.Where(message => rows.Contains(EF.Property<long>(message, AIChatDbContext.Row))).OrderByDescending(message => message.Seq).ToListAsync(cancellation);
                found.AddRange(candidates.Where(message => message.RoomId == room
                    && message.Content is { } content
                    && (topics is null || (message.TopicId is { } topic && topics.Contains(topic)))
                    && SearchTerms.Matches(content, foldedWords)));
            }

            return [.. found.Take(limit)];
        });

    public Task<IReadOnlyDictionary<RoomId, Message>> LatestAsync(IReadOnlyCollection<RoomId> rooms, CancellationToken cancellation)
        => database.ReadAsync<IReadOnlyDictionary<RoomId, Message>>(async context =>
        {
            var latest = new Dictionary<RoomId, Message>();
            foreach (var room in rooms)
            {
                if (await context.Messages.Apply(MessagesOfRoom.NotDeleted(room, 0, null, 1)).FirstOrDefaultAsync(cancellation) is { } message)
                    latest[room] = message;
            }

            return latest;
        });

    /// <remarks>Numbers have no holes, so the messages after a mark need not be counted: only the reader's own and the tombstones among them, which are few.</remarks>
    public Task<IReadOnlyDictionary<RoomId, long>> UnreadAsync(UserId reader, IReadOnlyDictionary<RoomId, long> marks, CancellationToken cancellation)
        => database.ReadAsync<IReadOnlyDictionary<RoomId, long>>(async context =>
        {
            var unread = new Dictionary<RoomId, long>();
            foreach (var (room, mark) in marks)
            {
                var last = await context.Rooms.Where(stored => stored.Id == room).Select(stored => stored.LastSeq).FirstOrDefaultAsync(cancellation);
                var own = await context.Messages.CountAsync(message => message.RoomId == room && message.UserId == reader && message.Seq > mark && message.Seq <= last, cancellation);
                var gone = await context.Messages.CountAsync(
                    message => message.RoomId == room && message.DeletedAt != null && message.UserId != reader && message.Seq > mark && message.Seq <= last, cancellation);
                unread[room] = Math.Max(0, last - mark - own - gone);
            }

            return unread;
        });

    public Task<ChangedMessages> ChangedAfterAsync(RoomId room, long rev, int limit, CancellationToken cancellation) => database.ReadAsync(async context =>
    {
        var changes = await context.Changes.Where(change => change.RoomId == room && change.Rev > rev).OrderBy(change => change.Rev).Take(limit).ToListAsync(cancellation);
        if (changes.Count == 0)
            return new ChangedMessages([], rev);
        var lastChange = changes.GroupBy(change => change.MessageId).ToDictionary(group => group.Key, group => group.Max(change => change.Rev));
        var wanted = lastChange.Keys.ToList();
        var messages = await context.Messages.Where(message => wanted.Contains(message.Id)).ToListAsync(cancellation);
        return new ChangedMessages([.. messages.OrderBy(message => lastChange[message.Id])], changes[^1].Rev);
    });

    public Task<IReadOnlyList<Mention>> WritersNamedAsync(RoomId room, IReadOnlyCollection<string> nicknames, CancellationToken cancellation)
        => database.ReadAsync<IReadOnlyList<Mention>>(async context =>
        {

            var named = new List<Mention>();
            await using var found = await context.Prepared(WritersNamed, ("@room", room.Value), ("@names", JsonSerializer.Serialize(nicknames.Select(SearchTerms.Fold), JsonSerializerOptions.Default)))
                .ExecuteReaderAsync(cancellation);
            while (await found.ReadAsync(cancellation))
                named.Add(new Mention(found.GetString(0), found.GetString(1)));
            return named;
        });

    public Task<IReadOnlyList<RoomId>> RoomsWithWorkAsync(CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<RoomId>>(async context =>
    {
        return await context.Messages.Where(message => !message.Classified).Select(message => message.RoomId).Distinct().ToListAsync(cancellation);
    });

    public Task<long> LastImportedLineAsync(RoomId room, JobId job, CancellationToken cancellation) => database.ReadAsync(async context =>
    {
        return await context.Messages.Where(message => message.ImportedBy == job).MaxAsync(message => message.ImportLine, cancellation) ?? 0;
    });

    internal static long RowOf(AIChatDbContext context, object entity) => (long)context.Entry(entity).Property(AIChatDbContext.Row).CurrentValue!;

    private async Task<long?> RowOfAsync(RoomId room, CancellationToken cancellation)
    {
        if (_rowOf.TryGetValue(room, out var known))
            return known;
        var row = await database.ReadAsync(async context =>
        {
            return await context.Rooms.Where(stored => stored.Id == room).Select(stored => (long?)EF.Property<long>(stored, AIChatDbContext.Row)).FirstOrDefaultAsync(cancellation);
        });
        if (row is { } found)
            _rowOf[room] = found;
        return row;
    }

    private async Task<Result<Appended>> AppendAsync(AIChatDbContext context, RoomId room, IReadOnlyList<Message> messages, IReadOnlyList<string> documents)
    {
        return MessageInserts.Insert(context, room, messages, documents, time.GetUtcNow()) switch
        {
            MessageInserts.Outcome.Inserted => new Appended(messages, Repeated: false),
            MessageInserts.Outcome.NoRoom => RoomErrors.NotFound,
            MessageInserts.Outcome.Repeated => new Appended([(await FirstSent(context, room, messages[0].UserId, messages[0].ClientMessageId!))!], Repeated: true),
        };
    }

    private static Task<long> RowBeforeAsync(AIChatDbContext context, RoomId room, long seq, CancellationToken cancellation)
        => context.Messages.Where(message => message.RoomId == room && message.Seq < seq).OrderByDescending(message => message.Seq)
            .Select(message => EF.Property<long>(message, AIChatDbContext.Row)).FirstOrDefaultAsync(cancellation);
}
