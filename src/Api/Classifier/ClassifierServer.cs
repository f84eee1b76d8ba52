using System.Net;
using AIChat.Api.Topics;
using AIChat.Application;
using AIChat.Infrastructure;
using AIChat.Infrastructure.Common;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AIChat.Api.Classifier;

/// <summary>The classifier role: finds conversations and embeds texts for other servers, and stores nothing.</summary>
internal static class ClassifierServer
{
    // A waiting call buffers no more than this of its body, and a running call must send the rest at this rate at least.
    private const long MaxBufferedBytes = 4 * 1024 * 1024;
    private const double MinBytesPerSecond = 64 * 1024;

    public static WebApplication Build(string[] args, Settings settings)
    {
        var builder = Hosting.CreateBuilder(args, settings);
        if (settings.Infrastructure.Classifier.Token is null && !ListensOnLoopbackAlone(builder.Configuration))
            throw new SettingException("MODEL_SERVER_TOKEN is not set, and others than this machine could call; set it, or listen on 127.0.0.1 alone (ASPNETCORE_URLS).");
        if (settings.Infrastructure.Embedding.Url is not null)
            throw new SettingException("EMBEDDING_URL is not for the classifier, which embeds by itself; unset it, and set EMBEDDING_MODEL to a model or a folder.");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBufferSize = MaxBufferedBytes;
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(MinBytesPerSecond, TimeSpan.FromSeconds(5));
            kestrel.Limits.MinResponseDataRate = new MinDataRate(MinBytesPerSecond, TimeSpan.FromSeconds(5));
        });

        // Most use cases need a store, which this role lacks; they are never resolved.
        builder.Host.UseDefaultServiceProvider(services => services.ValidateOnBuild = false);
        builder.Services.AddApplication();
        builder.Services.AddClassifier();
        builder.Services.AddSentenceEmbedder(settings.Infrastructure.Embedding, settings.Infrastructure.Storage, settings.Infrastructure.Hub);
        builder.Services.AddSingleton(settings.Infrastructure.Classifier);
        builder.Services.AddAuthentication(ModelServerAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ModelServerAuthentication>(ModelServerAuthentication.SchemeName, null);
        builder.Services.AddAuthorization();
        var app = builder.Build();
        Hosting.CheckModel(app.Services, settings);
        MapAll(app, settings);
        return app;
    }

    private static void MapAll(WebApplication app, Settings settings)
    {
        app.UseHosting(settings.Network);
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseMiddleware<TurnMiddleware>();

        app.MapPredict().WithMetadata(new TakesTurns(NewQueue(app, settings)));
        app.MapEmbeddings().WithMetadata(new TakesTurns(NewQueue(app, settings)));
        app.MapHealthWithoutStore();
        app.MapReference();
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            foreach (var url in app.Urls)
                Console.WriteLine($"AIChat's classifier is ready at {url}{settings.Network.PathBase}{(settings.Infrastructure.Classifier.Token is null ? ", to this machine alone: no MODEL_SERVER_TOKEN is set" : string.Empty)}");
        });
    }

    /// <summary>Each kind of call has its own queue: short calls do not wait behind long ones.</summary>
    private static FairQueue NewQueue(WebApplication app, Settings settings) => new(settings.ModelServer.Queue, app.Services.GetRequiredService<TimeProvider>());

    private static bool ListensOnLoopbackAlone(ConfigurationManager configuration)
    {
        if (configuration.GetSection("Kestrel:Endpoints").Exists())
            return false;
        if (configuration["urls"] is not { Length: > 0 } urls)
            return string.IsNullOrEmpty(configuration["http_ports"]) && string.IsNullOrEmpty(configuration["https_ports"]);
        return urls.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(BindingAddress.Parse)
            .All(address => address.IsUnixPipe || address.Host == "localhost" || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip)));
    }
}
