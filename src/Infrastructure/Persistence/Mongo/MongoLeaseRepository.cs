using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>Leases by this server's clock, as everywhere; servers' clocks must agree to well within a lease's duration.</summary>
internal sealed class MongoLeaseRepository(MongoConnection mongo, TimeProvider time) : ILeaseRepository
{
    private static readonly FindOneAndUpdateOptions<BsonDocument> Updated = new() { ReturnDocument = ReturnDocument.After };

    private IMongoCollection<BsonDocument> Leases => mongo.Raw(Collections.Leases);

    public Task<Lease?> AcquireAsync(string key, string holder, TimeSpan duration, CancellationToken cancellation) => MongoConnection.AskAsync(async () =>
    {
        var now = time.GetUtcNow();
        var end = new BsonDateTime((now + duration).UtcDateTime);
        var mine = new BsonDocument { { Fields.Id, key }, { Fields.Holder, holder } };
        var until = new BsonDocument(Fields.ExpiresAt, end);
        if (await Leases.FindOneAndUpdateAsync(mine, new BsonDocument("$set", until), Updated, CancellationToken.None) is { } prolonged)
            return ToLease(prolonged);

        var free = new BsonDocument { { Fields.Id, key }, { Fields.ExpiresAt, new BsonDocument("$lte", new BsonDateTime(now.UtcDateTime)) } };
        var takeover = new BsonDocument { { "$set", new BsonDocument(until) { { Fields.Holder, holder } } }, { "$inc", new BsonDocument(Fields.Epoch, 1L) } };
        if (await Leases.FindOneAndUpdateAsync(free, takeover, Updated, CancellationToken.None) is { } taken)
            return ToLease(taken);

        try
        {
            var first = new BsonDocument(mine) { { Fields.Epoch, 1L }, { Fields.ExpiresAt, end } };
            await Leases.InsertOneAsync(first, cancellationToken: CancellationToken.None);
            return ToLease(first);
        }
        catch (MongoWriteException there) when (MongoFailures.IsDuplicate(there))
        {
            // Another's; or this one's own, where the driver asked twice after a lost answer.
            return await Leases.Find(mine).FirstOrDefaultAsync(CancellationToken.None) is { } own ? ToLease(own) : null;
        }
    });

    public async Task<Lease> TakeOverAsync(string key, string holder, TimeSpan duration, CancellationToken cancellation)
    {
        while (true)
        {
            if (await AcquireAsync(key, holder, duration, cancellation) is { } lease)
                return lease;

            // The present holder loses it: the epoch grows when it is acquired.
            var held = new BsonDocument { { Fields.Id, key }, { Fields.Holder, new BsonDocument("$ne", holder) } };
            var over = new BsonDocument("$set", new BsonDocument(Fields.ExpiresAt, new BsonDateTime(time.GetUtcNow().UtcDateTime)));
            await MongoConnection.AskAsync(() => Leases.UpdateOneAsync(held, over, cancellationToken: CancellationToken.None));
        }
    }

    public Task ReleaseAsync(Lease lease, CancellationToken cancellation) => MongoConnection.AskAsync(() => Leases.UpdateOneAsync(
        Held(lease), new BsonDocument("$set", new BsonDocument(Fields.ExpiresAt, new BsonDateTime(time.GetUtcNow().UtcDateTime))), cancellationToken: CancellationToken.None));

    /// <summary>Finds the lease as long as it is this one.</summary>
    public static BsonDocument Held(Lease lease) => new() { { Fields.Id, lease.Key }, { Fields.Holder, lease.Holder }, { Fields.Epoch, lease.Epoch } };

    private static Lease ToLease(BsonDocument stored) => new(
        stored[Fields.Id].AsString, stored[Fields.Holder].AsString, stored[Fields.Epoch].ToInt64(), new DateTimeOffset(stored[Fields.ExpiresAt].ToUniversalTime()));
}
