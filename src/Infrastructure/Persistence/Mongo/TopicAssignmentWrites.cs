using AIChat.Domain.Messages;
using AIChat.Domain.Topics;
using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>
/// Files messages and moves the counters of their topics, under a lease. Without transactions a holder that slept too long is kept from overwriting what a later
/// one decided, by the epoch that every verdict leaves in its message; it can still file what nobody has filed yet, and a death between the steps leaves counters
/// that the next recount puts right.
/// </summary>
internal sealed class TopicAssignmentWrites(MongoConnection mongo, IClientSessionHandle? session, Lease lease)
{
    private static readonly FilterDefinitionBuilder<BsonDocument> Where = Builders<BsonDocument>.Filter;
    private static readonly string[] Set = ["keywords", Fields.ParentId, "driftFrom"];
    private static readonly string[] Never = [Fields.Id, Fields.Room, .. Set];

    private readonly string room = lease.Key[(lease.Key.IndexOf(':', StringComparison.Ordinal) + 1)..];

    /// <summary>Messages that were filed before are not counted: what moves from one topic to another is counted by the recount that follows.</summary>
    public async Task<bool> FileAsync(IReadOnlyList<TopicAssignment> verdicts, IReadOnlyCollection<Topic> topics, bool namesStand = false)
    {
        await SaveTopicsAsync(topics, namesStand);
        if (verdicts.Count == 0)
            return true;

        var messages = mongo.Raw(Collections.Messages);
        var known = (await messages.FindIn(session, Where.Eq(Fields.Room, room) & Where.In(Fields.Id, verdicts.Select(verdict => verdict.Message.Value)))
            .Project(new BsonDocument { { Fields.Seq, 1 }, { Fields.CreatedAt, 1 }, { Fields.DeletedAt, 1 }, { Fields.Classified, 1 } })
            .ToListAsync()).ToDictionary(message => message[Fields.Id].AsString, StringComparer.Ordinal);
        var counts = new Dictionary<string, Count>(StringComparer.Ordinal);
        var filings = new List<WriteModel<BsonDocument>>();
        foreach (var verdict in verdicts)
        {
            if (!known.TryGetValue(verdict.Message.Value, out var message))
                continue;
            filings.Add(Filing(verdict, message));
            if (verdict.Topic is { } topic && !message.GetValue(Fields.Classified, false).ToBoolean())
                counts[topic.Value] = counts.TryGetValue(topic.Value, out var count) ? count.With(Count.Of(message)) : Count.Of(message);
        }

        if (filings.Count > 0)
            await messages.WriteAsync(session, filings);
        await CountInAsync(counts);
        await MoveRoomAsync(known.Values.Select(message => message[Fields.Seq].ToInt64()).DefaultIfEmpty().Max());
        return true;
    }

    private UpdateOneModel<BsonDocument> Filing(TopicAssignment verdict, BsonDocument message)
    {
        var set = new BsonDocument(Fields.Classified, true);
        var unset = new BsonDocument();
        Put(Fields.Topic, verdict.Topic is { } topic ? new BsonString(topic.Value) : null);
        Put(Fields.LinkTo, verdict.LinkTo is { } answered ? new BsonString(answered.Value) : null);
        Put(Fields.LinkMargin, verdict.Margin is { } margin ? new BsonDouble(margin) : null);
        var isDeleted = message.Contains(Fields.DeletedAt);
        if (isDeleted)
            unset[Fields.NgramProfile] = 1;
        else if (verdict.NgramProfile is { } vector)
            set[Fields.NgramProfile] = new BsonBinaryData(vector);
        var update = new BsonDocument("$set", set);
        if (unset.ElementCount > 0)
            update["$unset"] = unset;

        // Without a transaction, a message that is deleted in this moment keeps waiting, and is filed without its vector the next time.
        var same = new BsonDocument { { Fields.Id, message[Fields.Id] }, { Fields.Room, room }, { Fields.DeletedAt, new BsonDocument("$exists", isDeleted) } };
        if (session is null)
        {
            same[Fields.Epoch] = new BsonDocument("$not", new BsonDocument("$gt", lease.Epoch));
            set[Fields.Epoch] = lease.Epoch;
        }

        return new UpdateOneModel<BsonDocument>(same, update);

        void Put(string field, BsonValue? value)
        {
            if (value is null)
                unset[field] = 1;
            else
                set[field] = value;
        }
    }

    /// <param name="topics">New and known ones.</param>
    /// <param name="namesStand">Whether known ones take the names that they are handed in with; otherwise one that a person gave stays.</param>
    private async Task SaveTopicsAsync(IReadOnlyCollection<Topic> topics, bool namesStand)
    {
        var writes = new List<WriteModel<BsonDocument>>();
        foreach (var topic in topics)
        {
            // The counters of the one that was handed in may be old.
            var given = topic.ToBsonDocument();
            var update = new BsonDocument("$set", new BsonDocument(given.Where(element => Set.Contains(element.Name))));
            var gone = new BsonDocument(Set.Where(name => !given.Contains(name)).Select(name => new BsonElement(name, 1)));
            if (gone.ElementCount > 0)
                update["$unset"] = gone;
            string[] names = ["name", "nameSource"];
            update["$setOnInsert"] = new BsonDocument(given.Where(element => !Never.Contains(element.Name) && !(namesStand && names.Contains(element.Name))));
            if (namesStand)
                update["$set"].AsBsonDocument.AddRange(given.Where(element => names.Contains(element.Name)));
            var same = new BsonDocument { { Fields.Id, topic.Id.Value }, { Fields.Room, given[Fields.Room] } };
            writes.Add(new UpdateOneModel<BsonDocument>(same, update) { IsUpsert = true });
            if (topic.NameSource == NameSource.User)
                continue;
            writes.Add(new UpdateOneModel<BsonDocument>(
                new BsonDocument(same) { { "nameSource", new BsonDocument("$ne", (int)NameSource.User) } },
                new BsonDocument("$set", new BsonDocument(given.Where(element => names.Contains(element.Name))))));
        }

        if (writes.Count > 0)
            await mongo.Raw(Collections.Topics).WriteAsync(session, writes);
    }

    /// <summary>Conversations, then the themes above them, then those above these.</summary>
    private async Task CountInAsync(Dictionary<string, Count> counts)
    {
        var topics = mongo.Raw(Collections.Topics);
        while (counts.Count > 0)
        {
            var writes = counts.Select(each => new UpdateOneModel<BsonDocument>(
                new BsonDocument { { Fields.Id, each.Key }, { Fields.Room, room } },
                new BsonDocument
                {
                    { "$inc", new BsonDocument("messageCount", each.Value.Messages) },
                    { "$min", new BsonDocument { { "firstSeq", each.Value.FirstSeq }, { "firstAt", each.Value.FirstAt } } },
                    { "$max", new BsonDocument { { Fields.LastSeq, each.Value.LastSeq }, { "lastAt", each.Value.LastAt } } },
                }));
            await topics.WriteAsync(session, writes);
            var above = new Dictionary<string, Count>(StringComparer.Ordinal);
            var counted = await topics.FindIn(session, Where.Eq(Fields.Room, room) & Where.In(Fields.Id, counts.Keys)).Project(new BsonDocument(Fields.ParentId, 1)).ToListAsync();
            foreach (var topic in counted)
            {
                if (topic.TryGetValue(Fields.ParentId, out var parent))
                    above[parent.AsString] = above.TryGetValue(parent.AsString, out var sum) ? sum.With(counts[topic[Fields.Id].AsString]) : counts[topic[Fields.Id].AsString];
            }

            counts = above;
        }
    }

    /// <summary>A server that died between storing messages and moving the room is made good for here: every message gets a verdict.</summary>
    private Task MoveRoomAsync(long seq) => mongo.Raw(Collections.Rooms).WriteAsync(
        session,
        [
            new UpdateOneModel<BsonDocument>(
                new BsonDocument { { Fields.Room, room }, { Fields.LastSeq, new BsonDocument("$lt", seq) } },
                new BsonDocument("$max", new BsonDocument(Fields.LastSeq, seq))),
        ]);

    private readonly record struct Count(long Messages, long FirstSeq, long LastSeq, BsonValue FirstAt, BsonValue LastAt)
    {
        public static Count Of(BsonDocument message)
        {
            var (seq, at) = (message[Fields.Seq].ToInt64(), message[Fields.CreatedAt]);
            return new Count(message.Contains(Fields.DeletedAt) ? 0 : 1, seq, seq, at, at);
        }

        public Count With(Count other) => new(
            Messages + other.Messages,
            Math.Min(FirstSeq, other.FirstSeq),
            Math.Max(LastSeq, other.LastSeq),
            FirstAt.CompareTo(other.FirstAt) <= 0 ? FirstAt : other.FirstAt,
            LastAt.CompareTo(other.LastAt) >= 0 ? LastAt : other.LastAt);
    }
}
