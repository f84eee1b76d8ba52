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
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.SignalR;

namespace AIChat.Api;

/// <summary>Puts the server together.</summary>
internal static class Server
{
    private const string CorsPolicy = "origins";

    public static WebApplication Build(string[] args, Settings settings)
    {
        try
        {
            Directory.CreateDirectory(settings.DataFolder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"AICHAT_DATA: the folder {settings.DataFolder} cannot be made or written to; choose another.");
        }

        var builder = Hosting.CreateBuilder(args, settings);
        AddServices(builder.Services, settings);
        var app = builder.Build();
        Hosting.CheckModel(app.Services, settings);
        MapAll(app, settings);
        return app;
    }

    private static void AddServices(IServiceCollection services, Settings settings)
    {
        // First, so that listeners hear of a message before the worker that files it is woken.
        services.AddHandlersFrom(typeof(Server).Assembly);
        services.AddApplication();
        services.AddInfrastructure(new InfrastructureOptions(settings.DataFolder, settings.ImportMaxBytes, settings.ReclassifyMinutes)
        {
            MongoUri = settings.MongoUri,
            MongoUser = settings.MongoUser,
            MongoPassword = settings.MongoPassword,
            ModelServerUrl = settings.ModelServerUrl,
            ModelServerToken = settings.ModelServerToken,
            Embedding = settings.Embedding,
            LanguageModel = settings.LanguageModel,
            Budgets = settings.Budgets,
        });
        services.AddSingleton<RateLimits>();

        services.AddSingleton<SessionTokens>();
        services.AddAuthentication(SessionAuthentication.SchemeName).AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.SchemeName, null);
        services.AddAuthorization();
        services.AddCors(cors => cors.AddPolicy(CorsPolicy, policy => policy
            .WithOrigins([.. settings.CorsOrigins]).AllowAnyHeader().AllowAnyMethod().AllowCredentials().WithExposedHeaders("Location", "Retry-After")));

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
        if (settings.RedisUrl is { } redis)
        {
            services.AddSingleton(provider => ActivatorUtilities.CreateInstance<Backplane>(provider, redis, hubJson));
            services.AddHostedService(provider => provider.GetRequiredService<Backplane>());
        }
    }

    private static void MapAll(WebApplication app, Settings settings)
    {
        app.UseHosting(settings);
        app.UseDefaultFiles();

        // Asked for anew each time (304 by ETag), so that a browser never mixes the modules of two versions.
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
        foreach (var url in app.Urls)
        {
            var root = url + settings.PathBase;
            Console.WriteLine($"AIChat is ready at {root}");
            Console.WriteLine($"  {root}/       talk, import a log, see its topics");
            Console.WriteLine($"  {root}/docs   the API, to read and try");
            Console.WriteLine(settings.MongoUri is null ? $"  data in {settings.DataFolder}" : $"  data in MongoDB, uploads and the secret in {settings.DataFolder}");
        }
    }
}
