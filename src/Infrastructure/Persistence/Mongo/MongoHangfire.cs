using Hangfire;
using Hangfire.Mongo;
using Hangfire.Mongo.Migration.Strategies;
using Hangfire.Mongo.Migration.Strategies.Backup;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>Hangfire's own collections, beside ours, for as many servers as there are. They hold no jobs that are not stored as ours too: losing them loses nothing.</summary>
internal static class MongoHangfire
{
    public const string Prefix = "hangfire";

    public static void UseMongo(this IGlobalConfiguration hangfire, MongoConnection mongo)
    {
        hangfire.UseMongoStorage(mongo.Client, mongo.DatabaseName, new MongoStorageOptions
        {
            Prefix = Prefix,
            CheckConnection = false,

            // Polling works everywhere; where the server tells of new jobs by itself, one starts at once on whichever server is free.
            CheckQueuedJobsStrategy = mongo.TellsOfWrites ? CheckQueuedJobsStrategy.Watch : CheckQueuedJobsStrategy.Poll,
            SupportsCappedCollection = false,
            QueuePollInterval = TimeSpan.FromSeconds(1),
            MigrationOptions = new MongoMigrationOptions { MigrationStrategy = new MigrateMongoMigrationStrategy(), BackupStrategy = new NoneMongoBackupStrategy() },
        });
    }
}
