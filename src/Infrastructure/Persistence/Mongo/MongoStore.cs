using AIChat.Domain.Jobs;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;
using AIChat.Infrastructure.Persistence.Common;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

internal static class MongoStore
{
    /// <summary>A store that many servers share: a replica set, a sharded cluster, a single machine, or DocumentDB. Open it with <see cref="MongoConnection.OpenAsync"/>.</summary>
    /// <param name="services">Where it is added.</param>
    /// <param name="address">Where the database is.</param>
    /// <param name="adjust">Last changes to how the driver connects, for tests.</param>
    public static IServiceCollection AddMongoStore(this IServiceCollection services, MongoAddress address, Action<MongoClientSettings>? adjust = null)
    {
        services.AddSingleton(_ => new MongoConnection(address, adjust));
        services.AddSingleton<IDatabase>(provider => provider.GetRequiredService<MongoConnection>());
        services.AddSingleton<MongoRoomWriters>();
        services.AddSingleton<MongoChanges>();
        services.AddSingleton<IUserRepository, MongoUserRepository>();
        services.AddSingleton<IRoomRepository, MongoRoomRepository>();
        services.AddSingleton<IMessageRepository, MongoMessageRepository>();
        services.AddSingleton<ITopicRepository, MongoTopicRepository>();
        services.AddSingleton<ICorrectionRepository, MongoCorrectionRepository>();
        services.AddSingleton<IEmbeddingRepository, MongoEmbeddingRepository>();
        services.AddSingleton<ISummaryRepository, MongoSummaryRepository>();
        services.AddSingleton<ISpendingRepository, MongoSpendingRepository>();
        services.AddSingleton<IJobRepository, MongoJobRepository>();
        services.AddSingleton<ILeaseRepository, MongoLeaseRepository>();
        return services;
    }
}
