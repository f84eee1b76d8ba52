using AIChat.Application.Common;
using AIChat.Application.Jobs;
using AIChat.Application.Messages;
using AIChat.Domain.Jobs;
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
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure;

public static class DependencyInjection
{
    /// <summary>Everything that the server's use cases stand on: the store, the topic engine, summaries, and what runs in the background.</summary>
    public static IServiceCollection AddInfrastructure(this IServiceCollection services, InfrastructureOptions options)
    {
        services.AddClassifier();
        if (options.ModelServerUrl is { } address)
            services.AddRemoteClassifier(address, options.ModelServerToken);
        services.AddSentenceEmbedder(options.Embedding);
        services.AddLanguageModel(options.LanguageModel);
        services.AddSingleton(options.Budgets);
        services.AddSingleton<ISpending, Spending>();
        services.AddStore(options);
        services.AddSingleton(options);
        services.AddSingleton<ISemanticIndex, SemanticIndex>();
        services.AddSingleton<IIdGenerator, TimeOrderedIds>();
        services.AddSingleton(provider => new FileSpool(Path.Combine(options.DataFolder, "uploads"), options.ImportMaxBytes, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IUploadSpool>(provider => provider.GetRequiredService<FileSpool>());
        services.AddSingleton(new NodeIdentity(options.DataFolder));
        services.AddSingleton<HangfireJobQueue>();
        services.AddSingleton<IJobQueue>(provider => provider.GetRequiredService<HangfireJobQueue>());
        services.AddSingleton(provider => new JobRunner(
            provider.GetRequiredService<IMediator>(),
            provider.GetRequiredService<IJobRepository>(),
            provider.GetRequiredService<ILeaseRepository>(),
            provider.GetRequiredService<HangfireJobQueue>(),
            provider.GetRequiredService<IIdGenerator>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<JobRunner>>()));
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
        services.AddHostedService<JobPickup>();
        return services;
    }

    /// <summary>Opens the store; nothing may be asked of it before.</summary>
    /// <exception cref="StoreUnavailableException">With one sentence that says what is wrong.</exception>
    public static Task OpenStoreAsync(this IServiceProvider services, CancellationToken cancellation) => services.GetRequiredService<IDatabase>().OpenAsync(cancellation);

    /// <summary>What finds, names and sums up conversations; needs no store.</summary>
    public static IServiceCollection AddClassifier(this IServiceCollection services)
        => services.AddTopicEngine().AddNaming().AddSummaries();

    /// <summary>What makes sentence vectors, if anything is to; it loads in the background of a host.</summary>
    public static IServiceCollection AddSentenceEmbedder(this IServiceCollection services, EmbeddingOptions? options)
    {
        if (options is not { Model: { } model })
            return services;
        if (options.Url is { } url)
        {
            return services.Replace(ServiceDescriptor.Singleton<ISentenceEmbedder>(provider =>
                new RemoteSentenceEmbedder(url, options.Key, model, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RemoteSentenceEmbedder>>())));
        }

        services.AddModels(options.Folder, options.Hub, options.HubToken);
        services.AddSingleton(provider => new LocalSentenceEmbedder(
            model, options.Threads, options.Device, provider.GetRequiredService<IModelLibrary>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<LocalSentenceEmbedder>>()));
        services.AddHostedService(provider => provider.GetRequiredService<LocalSentenceEmbedder>());
        return services.Replace(ServiceDescriptor.Singleton<ISentenceEmbedder>(provider => provider.GetRequiredService<LocalSentenceEmbedder>()));
    }

    /// <summary>A sentence encoder that is loaded already, for a command beside the server.</summary>
    public static IServiceCollection AddSentenceEmbedder(this IServiceCollection services, ITextEncoder encoder)
        => services.Replace(ServiceDescriptor.Singleton<ISentenceEmbedder>(new LoadedSentenceEmbedder(encoder)));

    /// <summary>What copies one store into another, for a command beside the server; needs nothing else.</summary>
    /// <param name="services">Where it is added.</param>
    /// <param name="mongoUser">The user name for MongoDB addresses that have none.</param>
    /// <param name="mongoPassword">Its password.</param>
    public static IServiceCollection AddMigration(this IServiceCollection services, string? mongoUser, string? mongoPassword)
        => services.AddSingleton<IStoreMigration>(provider => new StoreMigration(provider.GetRequiredService<TimeProvider>(), mongoUser, mongoPassword));

    /// <summary>The sentence encoders that are kept on this machine, for a command beside the server; needs nothing else.</summary>
    /// <param name="services">Where it is added.</param>
    /// <param name="folder">Where they lie.</param>
    /// <param name="hub">HF_ENDPOINT.</param>
    /// <param name="token">HF_TOKEN.</param>
    public static IServiceCollection AddModels(this IServiceCollection services, string folder, Uri hub, string? token)
    {
        // Redirects are followed by ourselves: who gets the token is decided at each. What is counted are the bytes of the file, so nothing is packed on the way.
        services.AddSingleton(new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(15) }) { Timeout = Timeout.InfiniteTimeSpan });
        services.AddSingleton(provider => new ModelHub(provider.GetRequiredService<HttpClient>(), hub, token, provider.GetRequiredService<TimeProvider>()));
        return services.AddSingleton<IModelLibrary>(provider => new ModelLibrary(folder, provider.GetRequiredService<ModelHub>(), provider.GetRequiredService<TimeProvider>()));
    }

    private static void AddStore(this IServiceCollection services, InfrastructureOptions options)
    {
        if (options.MongoUri is not { } uri)
        {
            services.AddSqliteStore(Path.Combine(options.DataFolder, "aichat.db"));
            return;
        }

        services.AddMongoStore(MongoAddress.Parse(uri, options.MongoUser, options.MongoPassword));
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(new MillisecondTimeProvider()));
    }
}
