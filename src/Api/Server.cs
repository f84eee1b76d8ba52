using System.Text.Json;
using AIChat.Api.Jobs;
using AIChat.Api.Messages;
using AIChat.Api.Realtime;
using AIChat.Api.Rooms;
using AIChat.Api.Summaries;
using AIChat.Api.Topics;
using AIChat.Api.Users;
using AIChat.Application;
using AIChat.Infrastructure;
using AIChat.Infrastructure.Common;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.SignalR;

namespace AIChat.Api;

/// <summary>Composes the server.</summary>
internal static class Server
{
    private const string CorsPolicy = "origins";

    public static WebApplication Build(string[] args, Settings settings)
    {
        var builder = Hosting.CreateBuilder(args, settings);
        AddServices(builder.Services, settings);
        CreateFolder(settings.Infrastructure.Storage.Folder);
        var app = builder.Build();
        Hosting.CheckModel(app.Services, settings);
        MapAll(app, settings);
        return app;
    }

    private static void CreateFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"AICHAT_DATA: the folder {folder} cannot be made or written to; choose another.");
        }
    }

    private static void AddServices(IServiceCollection services, Settings settings)
    {
        // First, so that listeners receive a message before the worker that finds its topic is woken.
        services.AddHandlersFrom(typeof(Server).Assembly);
        services.AddApplication();
        services.AddInfrastructure(settings.Infrastructure);
        services.AddSingleton<RateLimits>();

        services.AddSingleton<SessionTokens>();
        services.AddAuthentication(SessionAuthentication.SchemeName).AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.SchemeName, null);
        services.AddAuthorization();
        services.AddCors(cors => cors.AddPolicy(CorsPolicy, policy => policy
            .WithOrigins([.. settings.Network.CorsOrigins]).AllowAnyHeader().AllowAnyMethod().AllowCredentials().WithExposedHeaders("Location", "Retry-After")));

        var hubJson = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Hosting.Shape(hubJson);
        services.AddSingleton<SessionConnections>();
        services.AddSignalR(hub =>
        {
            hub.AddFilter<HubGuard>();
            hub.MaximumReceiveMessageSize = 64 * 1024;
        })
            .AddJsonProtocol(json => Hosting.Shape(json.PayloadSerializerOptions))
            .AddMessagePackProtocol(pack => pack.SerializerOptions = MessagePack.MessagePackSerializerOptions.Standard
                .WithResolver(new JsonShapedMessagePack(hubJson)).WithSecurity(MessagePack.MessagePackSecurity.UntrustedData));
        services.AddSingleton<HubGuard>();
        services.AddSingleton<BoundedFanOut>();
        services.AddSingleton<HubLifetimeManager<ChatHub>>(provider => provider.GetRequiredService<BoundedFanOut>());
        if (settings.Backplane.RedisUrl is { } redis)
        {
            services.AddSingleton(provider => ActivatorUtilities.CreateInstance<Backplane>(provider, redis, hubJson));
            services.AddHostedService(provider => provider.GetRequiredService<Backplane>());
        }
    }

    private static void MapAll(WebApplication app, Settings settings)
    {
        app.UseHosting(settings.Network);
        app.UseDefaultFiles();

        // Revalidated each time (304 by ETag), so that a browser never mixes modules of two versions.
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache" });
        app.UseRouting();
        app.UseCors(CorsPolicy);
        app.UseMiddleware<OriginGuard>();
        app.UseAuthentication();
        app.UseAuthorization();

        app.MapUsers();
        app.MapRooms();
        app.MapMessages();
        app.MapTransfer();
        app.MapTopics();
        app.MapSummaries();
        app.MapJobs();
        app.MapHealth();
        app.MapHub<ChatHub>("/hub/chat");
        app.MapReference();
        app.Lifetime.ApplicationStarted.Register(() => Banner(app, settings));
    }

    private static void Banner(WebApplication app, Settings settings)
    {
        var storage = settings.Infrastructure.Storage;
        foreach (var url in app.Urls)
        {
            var root = url + settings.Network.PathBase;
            Console.WriteLine($"AIChat is ready at {root}");
            Console.WriteLine($"  {root}/       talk, import a log, see its topics");
            Console.WriteLine($"  {root}/docs   the API, to read and try");
            Console.WriteLine(storage.MongoUri is null ? $"  data in {storage.Folder}" : $"  data in MongoDB, uploads and the secret in {storage.Folder}");
        }
    }
}
