using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;
using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>
/// Assigns messages to topics and moves the topics' counters, under a lease. Where there are no transactions, each message stores the epoch of its assignment, so that a holder
/// that slept too long cannot overwrite a later holder's assignment. It can still assign messages that have none, and a crash between the steps leaves counters that the next
/// recount corrects.
/// </summary>
internal sealed class TopicAssignmentWrites(MongoConnection mongo, IClientSessionHandle? session, Lease lease)
{
    private static readonly FilterDefinitionBuilder<BsonDocument> Where = Builders<BsonDocument>.Filter;
    private static readonly string[] Assigned = [.. TopicAssignment.Replaced.Select(each => MongoMappings.ElementOf<Message>(each.Property))];
    private static readonly string[] Naming = [.. Topic.Naming.Select(MongoMappings.ElementOf<Topic>)];
    private static readonly string[] Keys = [Fields.Id, Fields.Room];
    private static readonly string[] Counters = [.. Topic.Counters.Select(MongoMappings.ElementOf<Topic>)];

    // The properties of a topic that are replaced each time that it is saved.
    private static readonly string[] Replaced = [.. MongoMappings.ElementsOf<Topic>().Except([.. Keys, .. Counters, .. Naming], StringComparer.Ordinal)];

    private readonly string _room = RoomLease.RoomOf(lease).Value;

    /// <summary>Messages that were assigned before are not counted: the recount that follows counts what moves from one topic to another.</summary>
    /// <param name="assignments">At most one for each message.</param>
    /// <param name="topics">New and known topics, which are stored first.</param>
    /// <param name="namesStand">Whether known topics take the given names; if not, a name that a person gave stays (see <see cref="Topic.Naming"/>).</param>
    public async Task<bool> AssignAsync(IReadOnlyList<TopicAssignment> assignments, IReadOnlyCollection<Topic> topics, bool namesStand = false)
    {
        await SaveTopicsAsync(topics, namesStand);
        if (assignments.Count == 0)
            return true;

        var messages = mongo.Raw(Collections.Messages);
        var known = (await messages.FindIn(session, Where.Eq(Fields.Room, _room) & Where.In(Fields.Id, assignments.Select(assignment => assignment.Message.Value)))
            .Project(new BsonDocument { { Fields.Seq, 1 }, { Fields.CreatedAt, 1 }, { Fields.DeletedAt, 1 }, { Fields.Classified, 1 } })
            .ToListAsync()).ToDictionary(message => message[Fields.Id].AsString, StringComparer.Ordinal);
        var counts = new Dictionary<string, TopicCount>(StringComparer.Ordinal);
        var writes = new List<WriteModel<BsonDocument>>();
        foreach (var assignment in assignments)
        {
            if (!known.TryGetValue(assignment.Message.Value, out var message))
                continue;
            writes.Add(UpdateOf(assignment, message));
            if (assignment.Topic is { } topic && !message.GetValue(Fields.Classified, false).ToBoolean())
                TopicCount.Add(counts, topic.Value, TopicCountDocuments.OfMessage(message));
        }

        if (writes.Count > 0)
            await messages.WriteAsync(session, writes);
        await CountInAsync(counts);
        await MoveRoomAsync(known.Values.Select(message => message[Fields.Seq].ToInt64()).DefaultIfEmpty().Max());
        return true;
    }

    private UpdateOneModel<BsonDocument> UpdateOf(TopicAssignment assignment, BsonDocument message)
    {
        var (elements, given) = (Assigned.ToList(), new BsonDocument());
        foreach (var (property, value) in TopicAssignment.Replaced)
        {
            if (MongoMappings.Stored<Message>(property, value(assignment)) is { } stored)
                given[MongoMappings.ElementOf<Message>(property)] = stored;
        }

        var isDeleted = message.Contains(Fields.DeletedAt);
        if (isDeleted || assignment.NgramProfile is not null)
            elements.Add(Fields.NgramProfile);
        if (!isDeleted && assignment.NgramProfile is { } profile)
            given[Fields.NgramProfile] = new BsonBinaryData(profile);

        // Without a transaction, a message that is deleted at this moment keeps waiting, and is assigned without its n-gram profile the next time.
        var same = new BsonDocument { { Fields.Id, message[Fields.Id] }, { Fields.Room, _room }, { Fields.DeletedAt, new BsonDocument("$exists", isDeleted) } };
        if (session is null)
        {
            same[Fields.Epoch] = new BsonDocument("$not", new BsonDocument("$gt", lease.Epoch));
            elements.Add(Fields.Epoch);
            given[Fields.Epoch] = lease.Epoch;
        }

        return new UpdateOneModel<BsonDocument>(same, Writes.Replacing(elements, given));
    }

    private async Task SaveTopicsAsync(IReadOnlyCollection<Topic> topics, bool namesStand)
    {
        var writes = new List<WriteModel<BsonDocument>>();
        foreach (var topic in topics)
        {
            // The given counters may be old, so that only a new topic takes them.
            var given = topic.ToBsonDocument();
            var same = new BsonDocument { { Fields.Id, topic.Id.Value }, { Fields.Room, given[Fields.Room] } };
            var update = Writes.Replacing(namesStand ? [.. Replaced, .. Naming] : Replaced, given);
            update["$setOnInsert"] = new BsonDocument(given.Where(element => Counters.Contains(element.Name) || (!namesStand && Naming.Contains(element.Name))));
            writes.Add(new UpdateOneModel<BsonDocument>(same, update) { IsUpsert = true });
            if (namesStand || topic.NameSource == NameSource.User)
                continue;
            writes.Add(new UpdateOneModel<BsonDocument>(
                new BsonDocument(same) { { MongoMappings.ElementOf<Topic>(nameof(Topic.NameSource)), new BsonDocument("$ne", (int)NameSource.User) } }, Writes.Replacing(Naming, given)));
        }

        if (writes.Count > 0)
            await mongo.Raw(Collections.Topics).WriteAsync(session, writes);
    }

    /// <summary>Conversations, then the themes above them, then those above these.</summary>
    private async Task CountInAsync(Dictionary<string, TopicCount> counts)
    {
        var topics = mongo.Raw(Collections.Topics);
        while (counts.Count > 0)
        {
            await topics.WriteAsync(session, counts.Select(each => new UpdateOneModel<BsonDocument>(
                new BsonDocument { { Fields.Id, each.Key }, { Fields.Room, _room } }, TopicCountDocuments.Adding(each.Value))));
            var above = new Dictionary<string, TopicCount>(StringComparer.Ordinal);
            var counted = await topics.FindIn(session, Where.Eq(Fields.Room, _room) & Where.In(Fields.Id, counts.Keys)).Project(new BsonDocument(Fields.ParentId, 1)).ToListAsync();
            foreach (var topic in counted)
            {
                if (topic.TryGetValue(Fields.ParentId, out var parent))
                    TopicCount.Add(above, parent.AsString, counts[topic[Fields.Id].AsString]);
            }

            counts = above;
        }
    }

    /// <summary>Moves the room's last number too: a server may have died between storing messages and moving the room, and every message is assigned.</summary>
    private Task MoveRoomAsync(long seq) => mongo.Raw(Collections.Rooms).WriteAsync(
        session,
        [
            new UpdateOneModel<BsonDocument>(
                new BsonDocument { { Fields.Room, _room }, { Fields.LastSeq, new BsonDocument("$lt", seq) } },
                new BsonDocument("$max", new BsonDocument(Fields.LastSeq, seq))),
        ]);
}
