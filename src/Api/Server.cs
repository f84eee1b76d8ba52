using System.Text.Json;
using System.Text.Json.Serialization;
using AIChat.Api.Common;
using AIChat.Api.Jobs;
using AIChat.Api.Messages;
using AIChat.Api.Realtime;
using AIChat.Api.Rooms;
using AIChat.Api.Summaries;
using AIChat.Api.Topics;
using AIChat.Api.Users;
using AIChat.Application;
using AIChat.Application.Common;
using AIChat.Domain.Common;
using AIChat.Infrastructure;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.SignalR;
using Scalar.AspNetCore;

namespace AIChat.Api;

/// <summary>Puts the server together.</summary>
internal static class Server
{
    private const string DefaultUrl = "http://127.0.0.1:5080";
    private const string CorsPolicy = "origins";
    private const long BodyMaxBytes = 1024 * 1024;

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            await using var app = Build(args);
            await app.Services.OpenStoreAsync(CancellationToken.None);
            await app.RunAsync();
            return 0;
        }
        catch (SettingException wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
        }
        catch (StoreUnavailableException outage)
        {
            await Console.Error.WriteLineAsync(outage.Message);
        }
        catch (IOException taken) when (taken.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await Console.Error.WriteLineAsync("The address is in use already; stop what listens there, or set ASPNETCORE_URLS to another one.");
        }
        catch (System.Net.Sockets.SocketException)
        {
            await Console.Error.WriteLineAsync("The address cannot be listened on; set ASPNETCORE_URLS to one of this machine.");
        }

        return 1;
    }

    private static bool AreAddresses(string? urls)
    {
        try
        {
            return (urls ?? string.Empty).Split(';', StringSplitOptions.RemoveEmptyEntries).All(url => BindingAddress.Parse(url).PathBase.Length == 0);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static WebApplication Build(string[] args)
    {
        var folder = Directory.GetCurrentDirectory();
        DotNetEnv.Env.NoClobber().Load(Path.Combine(folder, ".env"));
        var settings = Settings.Read(Environment.GetEnvironmentVariable, folder);
        try
        {
            Directory.CreateDirectory(settings.DataFolder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"AICHAT_DATA: the folder {settings.DataFolder} cannot be made or written to; choose another.");
        }

        // Settings files and pages come from the program's own folder, wherever the command was typed.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        if (string.IsNullOrEmpty(builder.Configuration["urls"]) && string.IsNullOrEmpty(builder.Configuration["http_ports"]))
            builder.WebHost.UseUrls(DefaultUrl);
        else if (!AreAddresses(builder.Configuration["urls"]))
            throw new SettingException("ASPNETCORE_URLS is not a list of addresses, such as http://127.0.0.1:5080; correct it or unset it.");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyMaxBytes;
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Hangfire", LogLevel.Warning).AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Error);
        AddServices(builder.Services, settings);
        var app = builder.Build();
        if (settings is { EmbeddingModel: { } model, EmbeddingUrl: null, SkipModelLoading: false } && Directory.Exists(model) && app.Services.GetRequiredService<IModelLibrary>().WhyNot(model) is { } unusable)
            throw new SettingException("EMBEDDING_MODEL: " + unusable.Message);
        MapAll(app, settings);
        return app;
    }

    private static void AddServices(IServiceCollection services, Settings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton(TimeProvider.System);

        // First, so that listeners hear of a message before the worker that files it is woken.
        services.AddHandlersFrom(typeof(Server).Assembly);
        services.AddApplication();
        services.AddInfrastructure(new InfrastructureOptions(settings.DataFolder, settings.ImportMaxBytes, settings.ReclassifyMinutes)
        {
            MongoUri = settings.MongoUri,
            MongoUser = settings.MongoUser,
            MongoPassword = settings.MongoPassword,
            Embedding = settings.Embedding,
        });
        services.AddSingleton<Draining>();
        services.AddSingleton<IHostLifetime>(provider => provider.GetRequiredService<Draining>());
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        services.AddSingleton<RateLimits>();

        services.AddSingleton<SessionTokens>();
        services.AddAuthentication(SessionAuthentication.SchemeName).AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.SchemeName, null);
        services.AddAuthorization();

        // Tokens are signed by SessionTokens; nothing else is protected, so no keys are to be left in anybody's home folder.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddCors(cors => cors.AddPolicy(CorsPolicy, policy => policy
            .WithOrigins([.. settings.CorsOrigins]).AllowAnyHeader().AllowAnyMethod().AllowCredentials().WithExposedHeaders("Location", "Retry-After")));
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var network in settings.TrustedProxies)
                forwarded.KnownIPNetworks.Add(network);
        });

        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json => Shape(json.SerializerOptions));
        services.AddProblemDetails();
        services.AddOpenApi();

        var hubJson = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Shape(hubJson);
        services.AddSingleton<SessionConnections>();
        services.AddSignalR(hub =>
        {
            hub.AddFilter<HubGuard>();
            hub.MaximumReceiveMessageSize = 64 * 1024;
        })
            .AddJsonProtocol(json => Shape(json.PayloadSerializerOptions))
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

    private static void Shape(JsonSerializerOptions json)
    {
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        json.Converters.Add(new UtcTimes());
    }

    private static void MapAll(WebApplication app, Settings settings)
    {
        if (settings.TrustedProxies.Count > 0)
            app.UseForwardedHeaders();
        if (settings.PathBase.Length > 0)
            app.UsePathBase(settings.PathBase);
        app.UseProblems();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<DrainingMiddleware>();
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
        app.MapOpenApi();
        app.MapScalarApiReference("/docs", page => page.WithTitle("AIChat"));
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
