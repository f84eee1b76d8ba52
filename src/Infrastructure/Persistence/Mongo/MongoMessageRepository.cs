using System.Text.RegularExpressions;
using AIChat.Domain.Jobs;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Users;
using Ardalis.Specification;
using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

internal sealed class MongoMessageRepository(MongoConnection mongo, MongoRoomWriters writers, MongoChanges changes) : IMessageRepository
{
    private const int SearchChunk = 200;

    private static readonly FilterDefinitionBuilder<Message> Where = Builders<Message>.Filter;

    public Task<Result<Appended>> AppendAsync(RoomId room, IReadOnlyList<Message> messages, CancellationToken cancellation) => writers.AppendAsync(room, messages);

    public Task<Message?> FindAsync(RoomId room, MessageId id, CancellationToken cancellation) => MongoConnection.AskAsync<Message?>(async () =>
    {
        return await mongo.Messages.Find(message => message.RoomId == room && message.Id == id).Project<Message>(WithoutTerms).FirstOrDefaultAsync(cancellation);
    });

    public Task<IReadOnlyList<Message>> FindManyAsync(RoomId room, IReadOnlyCollection<MessageId> ids, CancellationToken cancellation)
        => MongoConnection.AskAsync<IReadOnlyList<Message>>(async () => await ManyAsync(room, ids, cancellation));

    public Task<IReadOnlyList<Message>> ListAsync(ISpecification<Message> specification, CancellationToken cancellation) => MongoConnection.AskAsync<IReadOnlyList<Message>>(async () =>
    {
        return await MongoConnection.ListAsync(mongo.Messages, specification, cancellation);
    });

    public Task<long> CountAsync(ISpecification<Message> specification, CancellationToken cancellation)
        => MongoConnection.AskAsync(() => MongoConnection.CountAsync(mongo.Messages, specification, cancellation));

    public Task<Result<Message>> ChangeAsync(RoomId room, MessageId id, Func<Message, Error?> change, CancellationToken cancellation)
        => MongoConnection.AskAsync(() => changes.ChangeAsync(room, id, change));

    public Task<IReadOnlyList<Message>> SearchAsync(
        RoomId room, IReadOnlyList<string> foldedWords, long? before, IReadOnlyCollection<TopicId>? topics, int limit, CancellationToken cancellation)
        => MongoConnection.AskAsync<IReadOnlyList<Message>>(async () =>
        {
            var wanted = Where.Eq(message => message.RoomId, room) & Where.And(foldedWords.Select(HasPairsOf));
            if (topics is not null)
                wanted &= Where.In(message => message.TopicId, topics.Select(topic => (TopicId?)topic));

            // A planner that walked the room backwards for a common pair would do so for a rare one as well, through all of it.
            var byWords = new FindOptions { Hint = topics is null ? "terms" : null };
            var found = new List<Message>();
            var below = before ?? long.MaxValue;
            while (found.Count < limit)
            {
                var candidates = await mongo.Messages.Find(wanted & Where.Lt(message => message.Seq, below), byWords)
                    .SortByDescending(message => message.Seq).Limit(SearchChunk).Project<Message>(WithoutTerms).ToListAsync(cancellation);
                found.AddRange(candidates.Where(message => message.Content is { } content && SearchTerms.Matches(content, foldedWords)));
                if (candidates.Count < SearchChunk)
                    break;
                below = candidates[^1].Seq;
            }

            return [.. found.Take(limit)];
        });

    public Task<IReadOnlyDictionary<RoomId, Message>> LatestAsync(IReadOnlyCollection<RoomId> rooms, CancellationToken cancellation)
        => MongoConnection.AskAsync<IReadOnlyDictionary<RoomId, Message>>(async () =>
        {
            var latest = await Task.WhenAll(rooms.Select(room => MongoConnection.ListAsync(mongo.Messages, MessagesOfRoom.NotDeleted(room, 0, null, 1), cancellation)));
            return latest.SelectMany(messages => messages).ToDictionary(message => message.RoomId);
        });

    /// <remarks>Numbers have no holes, so the messages after a mark need not be counted: only the reader's own and the tombstones among them, which are few.</remarks>
    public Task<IReadOnlyDictionary<RoomId, long>> UnreadAsync(UserId reader, IReadOnlyDictionary<RoomId, long> marks, CancellationToken cancellation)
        => MongoConnection.AskAsync<IReadOnlyDictionary<RoomId, long>>(async () =>
        {
            var unread = marks.Keys.ToDictionary(room => room, _ => 0L);
            var rooms = await mongo.Rooms.Find(Builders<Room>.Filter.In(room => room.Id, marks.Keys)).ToListAsync(cancellation);
            var ahead = rooms.Where(room => room.LastSeq > marks[room.Id]).ToList();
            if (ahead.Count == 0)
                return unread;
            foreach (var room in ahead)
                unread[room.Id] = room.LastSeq - marks[room.Id];
            var after = ahead.ConvertAll(room => Where.Eq(message => message.RoomId, room.Id) & Where.Gt(message => message.Seq, marks[room.Id]) & Where.Lte(message => message.Seq, room.LastSeq));
            await CountOutAsync(after.Select(each => each & Where.Eq(message => message.UserId, reader)));
            await CountOutAsync(after.Select(each => each & Where.Exists(message => message.DeletedAt) & Where.Ne(message => message.UserId, reader)));
            return unread;

            async Task CountOutAsync(IEnumerable<FilterDefinition<Message>> each)
            {
                var counts = await mongo.Messages.Aggregate().Match(Where.Or(each))
                    .Group(new BsonDocument { { Fields.Id, "$" + Fields.Room }, { "count", new BsonDocument("$sum", 1) } }).ToListAsync(cancellation);
                foreach (var count in counts)
                    unread[new RoomId(count[Fields.Id].AsString)] -= count["count"].ToInt64();
            }
        });

    public Task<ChangedMessages> ChangedAfterAsync(RoomId room, long rev, int limit, CancellationToken cancellation) => MongoConnection.AskAsync(async () =>
    {
        var changed = await changes.AfterAsync(room, rev, limit, cancellation);
        if (changed.Count == 0)
            return new ChangedMessages([], rev);
        var lastChange = changed.GroupBy(change => change.Message).ToDictionary(group => group.Key, group => group.Max(change => change.Rev));
        var messages = await ManyAsync(room, lastChange.Keys, cancellation);
        return new ChangedMessages([.. messages.OrderBy(message => lastChange[message.Id])], changed[^1].Rev);
    });

    // By name first: a room's writers may be many, those of one name are few.
    public Task<IReadOnlyList<Mention>> WritersNamedAsync(RoomId room, IReadOnlyCollection<string> nicknames, CancellationToken cancellation)
        => MongoConnection.AskAsync<IReadOnlyList<Mention>>(async () =>
        {
            var users = await mongo.Users.Find(Builders<User>.Filter.In(Fields.Folded, nicknames.Select(SearchTerms.Fold))).ToListAsync(cancellation);
            if (users.Count == 0)
                return [];
            var named = Where.Eq(message => message.RoomId, room) & Where.In(message => message.UserId, users.Select(user => (UserId?)user.Id));
            var here = await (await mongo.Messages.DistinctAsync(message => message.UserId, named, cancellationToken: cancellation)).ToListAsync(cancellation);
            return [.. users.Where(user => here.Contains(user.Id)).Select(user => new Mention(user.Id.Value, user.Nickname))];
        });

    public Task<IReadOnlyList<RoomId>> RoomsWithWorkAsync(CancellationToken cancellation) => MongoConnection.AskAsync<IReadOnlyList<RoomId>>(async () =>
    {
        return await (await mongo.Messages.DistinctAsync(message => message.RoomId, Where.Eq(message => message.Classified, false), cancellationToken: cancellation)).ToListAsync(cancellation);
    });

    public Task<long> LastImportedLineAsync(RoomId room, JobId job, CancellationToken cancellation) => MongoConnection.AskAsync(async () =>
    {
        return await mongo.Messages.Find(message => message.RoomId == room && message.ImportedBy == job)
            .SortByDescending(message => message.ImportLine).Limit(1).Project(message => message.ImportLine).FirstOrDefaultAsync(cancellation) ?? 0;
    });

    private static ProjectionDefinition<Message> WithoutTerms => Builders<Message>.Projection.Exclude(Fields.Terms);

    /// <summary>The pairs of a word; for a word of one character, a term that begins with it.</summary>
    private static FilterDefinition<Message> HasPairsOf(string word)
    {
        var pairs = SearchTerms.ToLookUp(word);
        return word.EnumerateRunes().Count() == 1
            ? Where.Regex(Fields.Terms, new BsonRegularExpression("^" + Regex.Escape(word)))
            : Where.All(Fields.Terms, pairs);
    }

    private Task<List<Message>> ManyAsync(RoomId room, IEnumerable<MessageId> ids, CancellationToken cancellation)
        => mongo.Messages.Find(Where.Eq(message => message.RoomId, room) & Where.In(message => message.Id, ids)).Project<Message>(WithoutTerms).ToListAsync(cancellation);
}
