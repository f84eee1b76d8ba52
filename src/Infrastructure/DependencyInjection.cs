using AIChat.Application.Common;
using AIChat.Application.Jobs;
using AIChat.Application.Messages;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Common;
using AIChat.Infrastructure.Jobs;
using AIChat.Infrastructure.Persistence;
using AIChat.Infrastructure.Persistence.Common;
using AIChat.Infrastructure.Persistence.Mongo;
using AIChat.Infrastructure.Persistence.Sqlite;
using AIChat.Infrastructure.Summaries;
using AIChat.Infrastructure.Topics;
using AIChat.Infrastructure.Topics.Classifiers;
using AIChat.Infrastructure.Topics.Encoders;
using AIChat.Infrastructure.Topics.Encoders.Hub;
using AIChat.Infrastructure.Topics.Naming;
using AIChat.Infrastructure.Topics.Search;
using Hangfire;
using Hangfire.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure;

public static class DependencyInjection
{
    /// <summary>The adapters of the server: the store, the topic engine, summaries and background work.</summary>
    public static IServiceCollection AddInfrastructure(this IServiceCollection services, InfrastructureOptions options)
    {
        services.AddSingleton(options.Storage);
        services.AddSingleton(options.Jobs);
        services.AddSingleton(options.Classifier);
        services.AddSingleton(options.Budgets);
        services.AddClassifier();
        if (options.Classifier.Url is { } address)
            services.AddRemoteClassifier(address, options.Classifier.Token);
        services.AddSentenceEmbedder(options.Embedding.OrAt(options.Classifier.Url, options.Classifier.Token), options.Storage, options.Hub);
        services.AddLanguageModel(options.LanguageModel);
        if (options.LanguageModel is not null)
            services.AddDisentangler();
        services.AddSingleton<ISpending, Spending>();
        services.AddStore(options.Storage);
        services.AddSingleton<ISemanticIndex, SemanticIndex>();
        services.AddSingleton<IIdGenerator, TimeOrderedIds>();
        services.AddSingleton<NodeIdentity>();
        services.AddJobs();
        return services;
    }

    /// <summary>Opens the store; it must not be used before.</summary>
    /// <exception cref="StoreUnavailableException">The message is one sentence that says what is wrong.</exception>
    public static Task OpenStoreAsync(this IServiceProvider services, CancellationToken cancellation) => services.GetRequiredService<IDatabase>().OpenAsync(cancellation);

    /// <summary>The engines that find, name and summarise conversations; they need no store.</summary>
    public static IServiceCollection AddClassifier(this IServiceCollection services)
        => services.AddTopicEngine().AddNaming().AddSummaries();

    /// <summary>The sentence encoder, if the options name one. A model in this process is loaded in the background of a host.</summary>
    public static IServiceCollection AddSentenceEmbedder(this IServiceCollection services, EmbeddingOptions options, StorageOptions storage, HubOptions hub)
    {
        if (options.Model is not { } model || (options.Url is null && options.SkipLoading))
            return services;
        if (options.Url is { } url)
        {
            return services.Replace(ServiceDescriptor.Singleton<ISentenceEmbedder>(provider =>
                new RemoteSentenceEmbedder(url, options.Key, model, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RemoteSentenceEmbedder>>())));
        }

        services.AddModels(storage, hub);
        services.AddSingleton(provider => new LocalSentenceEmbedder(
            model, options.Threads, options.Device, provider.GetRequiredService<IModelLibrary>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<LocalSentenceEmbedder>>()));
        services.AddHostedService(provider => provider.GetRequiredService<LocalSentenceEmbedder>());
        return services.Replace(ServiceDescriptor.Singleton<ISentenceEmbedder>(provider => provider.GetRequiredService<LocalSentenceEmbedder>()));
    }

    /// <summary>A sentence encoder that is already loaded, for a command.</summary>
    public static IServiceCollection AddSentenceEmbedder(this IServiceCollection services, ITextEncoder encoder)
        => services.Replace(ServiceDescriptor.Singleton<ISentenceEmbedder>(new LoadedSentenceEmbedder(encoder)));

    /// <summary>Registers the copying of one store into another, for a command; it needs nothing else.</summary>
    /// <param name="storage">User name and password for MongoDB addresses that have none.</param>
    public static IServiceCollection AddMigration(this IServiceCollection services, StorageOptions storage)
        => services.AddSingleton<IStoreMigration>(provider => new StoreMigration(provider.GetRequiredService<TimeProvider>(), storage.MongoUser, storage.MongoPassword));

    /// <summary>The sentence encoders kept on this machine; needs nothing else.</summary>
    public static IServiceCollection AddModels(this IServiceCollection services, StorageOptions storage, HubOptions hub)
    {
        // The hub's client follows redirects itself, because it decides at each of them whether to send the token. Bytes of the file are counted, so nothing is compressed on the way.
        services.AddSingleton(new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(15) }) { Timeout = Timeout.InfiniteTimeSpan });
        services.AddSingleton(provider => new ModelHub(provider.GetRequiredService<HttpClient>(), hub.Endpoint, hub.Token, provider.GetRequiredService<TimeProvider>()));
        return services.AddSingleton<IModelLibrary>(provider => new ModelLibrary(Path.Combine(storage.Folder, "models"), provider.GetRequiredService<ModelHub>(), provider.GetRequiredService<TimeProvider>()));
    }

    private static void AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<FileSpool>();
        services.AddSingleton<IUploadSpool>(provider => provider.GetRequiredService<FileSpool>());
        services.AddSingleton<JobTracker>();
        services.AddSingleton<IJobQueue, HangfireJobQueue>();
        services.AddSingleton<JobRunner>();
        services.AddHangfire((provider, hangfire) =>
        {
            if (provider.GetService<MongoConnection>() is { } mongo)
                hangfire.UseMongo(mongo);
            else
                hangfire.UseInMemoryStorage(new InMemoryStorageOptions { MaxExpirationTime = TimeSpan.FromHours(1) });
        });
        services.AddHangfireServer((provider, server) =>
        {
            server.WorkerCount = 2;
            server.Queues = [NodeIdentity.AnyQueue, provider.GetRequiredService<NodeIdentity>().Queue];
        });
        services.AddHostedService<TopicWorker>();
        services.AddHostedService<UploadSweep>();
        services.AddHostedService<SummarySweep>();
        services.AddHostedService<JobSchedule>();
        services.AddHostedService<UnseenRooms>();
        services.AddHostedService<JobPickup>();
    }

    private static void AddStore(this IServiceCollection services, StorageOptions options)
    {
        if (options.MongoUri is not { } uri)
        {
            services.AddSqliteStore(Path.Combine(options.Folder, "aichat.db"));
            return;
        }

        services.AddMongoStore(MongoAddress.Parse(uri, options.MongoUser, options.MongoPassword));
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(new MillisecondTimeProvider()));
    }
}
