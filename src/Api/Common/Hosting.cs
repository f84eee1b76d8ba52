using System.Text.Json;
using System.Text.Json.Serialization;
using AIChat.Application.Common;
using AIChat.Infrastructure.Common;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;
using Scalar.AspNetCore;

namespace AIChat.Api.Common;

/// <summary>What every role of the program has in common: start and stop, addresses, JSON and problem details.</summary>
internal static class Hosting
{
    private const string DefaultUrl = "http://127.0.0.1:5080";
    private const long BodyMaxBytes = 1024 * 1024;

    /// <summary>Runs a role until it stops. A start that fails prints one sentence.</summary>
    /// <param name="open">Opens what the role needs before it listens.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(Func<Settings, WebApplication> build, Func<IServiceProvider, Task> open)
    {
        try
        {
            var variables = EnvironmentVariables.Load();
            await using var app = build(Settings.Read(variables));
            EnvironmentVariables.WarnOfUnknown(variables, EnvironmentVariables.Names, app.Logger);
            await open(app.Services);
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
            await Console.Error.WriteLineAsync("The address is already in use; stop the program that listens there, or set ASPNETCORE_URLS to another one.");
        }
        catch (System.Net.Sockets.SocketException)
        {
            await Console.Error.WriteLineAsync("The address cannot be listened on; set ASPNETCORE_URLS to one of this machine.");
        }

        return 1;
    }

    /// <exception cref="SettingException">ASPNETCORE_URLS is not a list of addresses.</exception>
    public static WebApplicationBuilder CreateBuilder(string[] args, Settings settings)
    {
        // Settings files and pages are in the program's own folder, which need not be the folder of the command.
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
        foreach (var category in (string[])["Microsoft", "Hangfire", "System.Net.Http"])
            builder.Logging.AddFilter(category, LogLevel.Warning);
        foreach (var category in (string[])["Microsoft.EntityFrameworkCore", "Polly"])
            builder.Logging.AddFilter(category, LogLevel.Error);
        AddServices(builder.Services, settings);
        return builder;
    }

    /// <exception cref="SettingException">EMBEDDING_MODEL is a folder without a model that can run.</exception>
    public static void CheckModel(IServiceProvider services, Settings settings)
    {
        if (settings.Infrastructure.Embedding is { Model: { } model, Url: null, SkipLoading: false } && Directory.Exists(model) && services.GetRequiredService<IModelLibrary>().WhyNot(model) is { } unusable)
            throw new SettingException("EMBEDDING_MODEL: " + unusable.Message);
    }

    public static void Shape(JsonSerializerOptions json)
    {
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        json.Converters.Add(new UtcTimes());
    }

    /// <summary>The first middleware: forwarded headers, problem details, security headers, draining.</summary>
    public static void UseHosting(this WebApplication app, NetworkOptions network)
    {
        if (network.TrustedProxies.Count > 0)
            app.UseForwardedHeaders();
        if (network.PathBase.Length > 0)
            app.UsePathBase(network.PathBase);
        app.UseProblems();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<DrainingMiddleware>();
    }

    /// <summary>The OpenAPI document and the reference page; open to all.</summary>
    public static void MapReference(this WebApplication app)
    {
        app.MapOpenApi();
        app.MapScalarApiReference("/docs", page => page.WithTitle("AIChat"));
    }

    private static void AddServices(IServiceCollection services, Settings settings)
    {
        services.AddSingleton(settings.Access);
        services.AddSingleton(settings.Network);
        services.AddSingleton(settings.Rates);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<Draining>();
        services.AddSingleton<IHostLifetime>(provider => provider.GetRequiredService<Draining>());
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));

        // Our tokens do not use data protection, and nothing else does: no keys are written to a home folder.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var network in settings.Network.TrustedProxies)
                forwarded.KnownIPNetworks.Add(network);
        });

        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json => Shape(json.SerializerOptions));
        services.AddProblemDetails();
        services.AddOpenApi(options => options.CreateSchemaReferenceId = SchemaNames.Of);
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
}
