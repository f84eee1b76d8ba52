using AIChat.Infrastructure.Persistence.DataMigration;
using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>The record of the migration that fills or has filled a database: one document.</summary>
internal static class MigrationRecords
{
    public const string Collection = "migration";

    private const string FinishedAt = "finishedAt";

    private static readonly BsonDocument TheOne = new(Fields.Id, Collection);

    /// <summary>Whether a migration is at work or was stopped, so that the database is incomplete.</summary>
    public static Task<bool> IsUnfinishedAsync(IMongoCollection<BsonDocument> records, CancellationToken cancellation)
        => records.Find(new BsonDocument(TheOne) { { FinishedAt, new BsonDocument("$exists", false) } }).AnyAsync(cancellation);

    public static async Task<MigrationRecord?> FindAsync(IMongoCollection<BsonDocument> records, CancellationToken cancellation)
    {
        if (await records.Find(TheOne).FirstOrDefaultAsync(cancellation) is not { } stored)
            return null;
        return new MigrationRecord(
            stored["source"].AsString,
            new DateTimeOffset(stored["startedAt"].ToUniversalTime()),
            stored.TryGetValue(FinishedAt, out var finished) ? new DateTimeOffset(finished.ToUniversalTime()) : null,
            stored["copied"].AsBsonDocument.ToDictionary(part => part.Name, part => part.Value.ToInt64(), StringComparer.Ordinal));
    }

    public static Task SaveAsync(IMongoCollection<BsonDocument> records, MigrationRecord record)
    {
        var document = new BsonDocument(TheOne)
        {
            { "source", record.Source },
            { "startedAt", record.StartedAt.UtcDateTime },
            { "copied", new BsonDocument(record.Copied.Select(part => new BsonElement(part.Key, part.Value))) },
        };
        if (record.FinishedAt is { } finished)
            document[FinishedAt] = finished.UtcDateTime;
        return records.ReplaceOneAsync(TheOne, document, new ReplaceOptions { IsUpsert = true });
    }
}
