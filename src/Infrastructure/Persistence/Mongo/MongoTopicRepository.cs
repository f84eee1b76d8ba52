using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;
using Ardalis.Specification;
using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

internal sealed class MongoTopicRepository(MongoConnection mongo, MongoChanges changes) : ITopicRepository
{
    private static readonly FilterDefinitionBuilder<Topic> Where = Builders<Topic>.Filter;

    public Task<IReadOnlyList<Topic>> ListAsync(ISpecification<Topic> specification, CancellationToken cancellation) => MongoConnection.AskAsync<IReadOnlyList<Topic>>(async () =>
    {
        return await MongoConnection.ListAsync(mongo.Topics, specification, cancellation);
    });

    public Task<bool> SaveAssignmentsAsync(Lease lease, IReadOnlyList<TopicAssignment> assignments, IReadOnlyCollection<Topic> topics, CancellationToken cancellation)
        => MongoConnection.AskAsync(() => mongo.TogetherAsync(async session => await HoldAsync(session, lease) && await new TopicAssignmentWrites(mongo, session, lease).AssignAsync(assignments, topics)));

    /// <remarks>Without transactions the correction comes first: after a death in between, the next look at these messages files them as it says.</remarks>
    public Task<bool> CorrectAsync(Lease lease, Correction correction, IReadOnlyList<TopicAssignment> assignments, IReadOnlyCollection<Topic> topics, CancellationToken cancellation)
        => MongoConnection.AskAsync(() => mongo.TogetherAsync(async session =>
        {
            if (!await HoldAsync(session, lease))
                return false;
            var same = new BsonDocument { { Fields.Id, correction.Id.Value }, { Fields.Room, correction.RoomId.Value } };
            await mongo.Raw(Collections.Corrections).WriteAsync(session, [new ReplaceOneModel<BsonDocument>(same, correction.ToBsonDocument()) { IsUpsert = true }]);
            return await new TopicAssignmentWrites(mongo, session, lease).AssignAsync(assignments, topics, namesStand: true)
                && await TopicCounts.RecountAsync(mongo, session, correction.RoomId, [.. correction.Conversations().Select(topic => topic.Value)]);
        }));

    public Task<bool> RecountAsync(Lease lease, CancellationToken cancellation)
        => MongoConnection.AskAsync(() => mongo.TogetherAsync(async session => await HoldAsync(session, lease) && await TopicCounts.RecountAsync(mongo, session, RoomLease.RoomOf(lease), null)));

    public Task ForgetAsync(Message deleted, CancellationToken cancellation) => MongoConnection.AskAsync(async () =>
    {
        for (var topic = deleted.TopicId; topic is { } id;)
        {
            var counted = await mongo.Topics.FindOneAndUpdateAsync(
                Where.Eq(stored => stored.RoomId, deleted.RoomId) & Where.Eq(stored => stored.Id, id) & Where.Gt(stored => stored.MessageCount, 0),
                Builders<Topic>.Update.Inc(stored => stored.MessageCount, -1),
                cancellationToken: CancellationToken.None);
            topic = counted?.ParentId;
        }

        return true;
    });

    public Task ForgetOutcomeAsync(RoomId room, TopicId conversation, CancellationToken cancellation) => MongoConnection.AskAsync(() => mongo.Topics.UpdateOneAsync(
        Where.Eq(stored => stored.RoomId, room) & Where.Eq(stored => stored.Id, conversation), Builders<Topic>.Update.Unset(stored => stored.Outcome), cancellationToken: CancellationToken.None));

    public Task<IReadOnlyDictionary<TopicId, IReadOnlyList<Participant>>> ParticipantsAsync(RoomId room, IReadOnlyCollection<Topic> topics, CancellationToken cancellation)
        => MongoConnection.AskAsync<IReadOnlyDictionary<TopicId, IReadOnlyList<Participant>>>(async () =>
        {
            var under = new List<(TopicId Topic, TopicId Conversation)>();
            foreach (var topic in topics)
                under.AddRange((await ConversationsAsync(room, topic.Id, topic.Level, cancellation)).Select(conversation => (topic.Id, conversation)));

            var shares = (await SharesAsync(room, under.Select(pair => pair.Conversation).Distinct(), cancellation)).ToLookup(share => share.Conversation);
            return under.GroupBy(pair => pair.Topic).ToDictionary(group => group.Key, group => Participant.Merge(group.SelectMany(pair => shares[pair.Conversation])));
        });

    public Task<IReadOnlyList<TopicId>> ConversationsUnderAsync(RoomId room, TopicId topic, CancellationToken cancellation) => MongoConnection.AskAsync<IReadOnlyList<TopicId>>(async () =>
    {
        var found = await mongo.Topics.Find(stored => stored.RoomId == room && stored.Id == topic).FirstOrDefaultAsync(cancellation);
        return found is null ? [] : await ConversationsAsync(room, topic, found.Level, cancellation);
    });

    public Task<ReclassifiedUpTo> ReclassifiedUpToAsync(RoomId room, CancellationToken cancellation) => MongoConnection.AskAsync(async () =>
    {
        var stored = await mongo.Raw(Collections.Rooms).Find(new BsonDocument(Fields.Room, room.Value)).FirstOrDefaultAsync(cancellation) ?? [];
        return new ReclassifiedUpTo(stored.GetValue(Fields.ReclassifiedSeq, 0L).ToInt64(), stored.GetValue(Fields.ReclassifiedRev, 0L).ToInt64());
    });

    public Task SetReclassifiedUpToAsync(RoomId room, ReclassifiedUpTo upTo, CancellationToken cancellation) => MongoConnection.AskAsync(() => mongo.Raw(Collections.Rooms).UpdateOneAsync(
        new BsonDocument(Fields.Room, room.Value),
        new BsonDocument("$set", new BsonDocument { { Fields.ReclassifiedSeq, upTo.Seq }, { Fields.ReclassifiedRev, upTo.Rev } }),
        cancellationToken: CancellationToken.None));

    public Task<IReadOnlyList<RoomId>> RoomsToReclassifyAsync(CancellationToken cancellation) => MongoConnection.AskAsync<IReadOnlyList<RoomId>>(async () =>
    {
        await changes.CompleteAllAsync(cancellation);
        var behind = new BsonDocument("$expr", new BsonDocument("$or", new BsonArray { IsBehind(Fields.LastSeq, Fields.ReclassifiedSeq), IsBehind(Fields.Rev, Fields.ReclassifiedRev) }));
        var rooms = await mongo.Raw(Collections.Rooms).Find(behind).Project(new BsonDocument(Fields.Room, 1)).ToListAsync(cancellation);
        return rooms.ConvertAll(room => new RoomId(room[Fields.Room].AsString));

        static BsonDocument IsBehind(string counter, string reached)
            => new("$gt", new BsonArray { "$" + counter, new BsonDocument("$ifNull", new BsonArray { "$" + reached, 0L }) });
    });

    /// <summary>
    /// Whether the lease is still this one. Inside a transaction the touch makes any takeover wait or this transaction fail, so that what follows is written under
    /// the lease or not at all.
    /// </summary>
    private async Task<bool> HoldAsync(IClientSessionHandle? session, Lease lease)
    {
        var leases = mongo.Raw(Collections.Leases);
        if (session is null)
            return await leases.Find(MongoLeaseRepository.Held(lease)).AnyAsync();
        return (await leases.UpdateOneAsync(session, MongoLeaseRepository.Held(lease), new BsonDocument("$inc", new BsonDocument("writes", 1L)))).MatchedCount == 1;
    }

    private async Task<List<NicknameShare>> SharesAsync(RoomId room, IEnumerable<TopicId> conversations, CancellationToken cancellation)
    {
        var theirs = new BsonDocument
        {
            { Fields.Room, room.Value },
            { Fields.Topic, new BsonDocument("$in", new BsonArray(conversations.Select(id => id.Value))) },
            { Fields.DeletedAt, new BsonDocument("$exists", false) },
        };
        var share = new BsonDocument
        {
            { Fields.Id, new BsonDocument { { "t", "$" + Fields.Topic }, { "u", "$" + Fields.User }, { "n", "$" + Fields.Nickname } } },
            { "count", new BsonDocument("$sum", 1) },
            { "last", new BsonDocument("$max", "$" + Fields.Seq) },
        };
        var found = await mongo.Raw(Collections.Messages).Aggregate().Match(theirs).Group(share).ToListAsync(cancellation);
        return found.ConvertAll(each => new NicknameShare(
            new TopicId(each[Fields.Id]["t"].AsString),
            each[Fields.Id].AsBsonDocument.GetValue("u", BsonNull.Value) is BsonString user ? new UserId(user.Value) : (UserId?)null,
            each[Fields.Id]["n"].AsString,
            each["count"].ToInt64(),
            each["last"].ToInt64()));
    }

    private async Task<List<TopicId>> ConversationsAsync(RoomId room, TopicId topic, TopicLevel level, CancellationToken cancellation) => level switch
    {
        TopicLevel.High => [topic],
        TopicLevel.Mid => await BelowAsync(room, [topic], cancellation),
        TopicLevel.Low => await BelowAsync(room, await BelowAsync(room, [topic], cancellation), cancellation),
    };

    private Task<List<TopicId>> BelowAsync(RoomId room, List<TopicId> themes, CancellationToken cancellation)
        => mongo.Topics.Find(Where.Eq(topic => topic.RoomId, room) & Where.In(topic => topic.ParentId, themes.Select(id => (TopicId?)id))).Project(topic => topic.Id).ToListAsync(cancellation);
}
