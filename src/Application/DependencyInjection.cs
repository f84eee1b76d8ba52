using AIChat.Application.Common;
using AIChat.Application.Rooms;
using AIChat.Application.Summaries;
using AIChat.Application.Topics;
using FluentValidation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AIChat.Application;

public static class DependencyInjection
{
    private static readonly Type[] HandlerKinds = [typeof(IRequestHandler<,>), typeof(INotificationHandler<>)];

    /// <summary>
    /// Registers every use case; the ports of the domain must be registered too. Handlers keep no state and are singletons. MediatR's own registration package
    /// needs another version of MediatR, therefore this scan.
    /// </summary>
    public static IServiceCollection AddApplication(this IServiceCollection services)
    {
        services.AddHandlersFrom(typeof(DependencyInjection).Assembly);
        services.AddValidatorsFromAssembly(typeof(DependencyInjection).Assembly, ServiceLifetime.Singleton, includeInternalTypes: true);
        services.AddSingleton<ServiceFactory>(provider => provider.GetRequiredService);
        services.AddSingleton<IMediator, Mediator>();
        services.AddSingleton(typeof(IPipelineBehavior<,>), typeof(Validation<,>));
        services.AddSingleton<EventPublisher>();
        services.AddSingleton<RoomAccess>();
        services.AddSingleton<Corrections>();
        services.AddSingleton<TopicOutcomes>();
        services.AddSingleton<TopicRenamer>();
        services.AddSingleton<RoomEmbeddings>();
        services.AddSingleton<OnlineClassifierCache>();
        services.AddSingleton<RoomLeases>();
        services.AddSingleton<TopicQueue>();
        services.AddSingleton<ModelGivenTopicNames>();
        services.AddSingleton<ReclassificationRange>();
        services.AddSingleton<WindowReader>();
        services.AddSingleton<WindowClassifier>();
        services.AddSingleton<WindowReassigner>();
        services.AddSingleton<ModelFiling>();
        services.AddSingleton<SummaryReader>();
        services.AddSingleton<SummaryWriter>();
        services.AddSingleton<SummaryRuns>();
        services.AddSingleton<SummaryStreams>();
        services.TryAddSingleton(TimeProvider.System);
        return services;
    }

    /// <summary>Registers the request and notification handlers of an assembly.</summary>
    public static IServiceCollection AddHandlersFrom(this IServiceCollection services, System.Reflection.Assembly assembly)
    {
        var handlers =
            from type in assembly.GetTypes()
            where type is { IsAbstract: false, IsGenericTypeDefinition: false }
            from contract in type.GetInterfaces()
            where contract.IsGenericType && HandlerKinds.Contains(contract.GetGenericTypeDefinition())
            select (contract, type);
        foreach (var (contract, type) in handlers)
            services.AddSingleton(contract, type);
        return services;
    }
}
