using System.Net;
using AIChat.Api.Topics;
using AIChat.Application;
using AIChat.Infrastructure;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AIChat.Api.Classifier;

/// <summary>The classifier alone: finds conversations for whoever asks, and keeps nothing.</summary>
internal static class ClassifierServer
{
    // A call that waits holds no more than this of its body, and one that is at work may not dawdle over the rest.
    private const long WaitingBytes = 4 * 1024 * 1024;
    private const double SlowestBytesPerSecond = 64 * 1024;

    public static WebApplication Build(string[] args, Settings settings)
    {
        var builder = Hosting.CreateBuilder(args, settings);
        if (settings.ModelServerToken is null && !ListensHereAlone(builder.Configuration))
            throw new SettingException("MODEL_SERVER_TOKEN is not set, and others than this machine could call; set it, or listen on 127.0.0.1 alone (ASPNETCORE_URLS).");
        if (settings.EmbeddingUrl is not null)
            throw new SettingException("EMBEDDING_URL is not for the classifier, which embeds by itself; unset it, and set EMBEDDING_MODEL to a model or a folder.");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBufferSize = WaitingBytes;
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(SlowestBytesPerSecond, TimeSpan.FromSeconds(5));
            kestrel.Limits.MinResponseDataRate = new MinDataRate(SlowestBytesPerSecond, TimeSpan.FromSeconds(5));
        });

        // Most use cases want a store, and there is none; they are never asked for.
        builder.Host.UseDefaultServiceProvider(services => services.ValidateOnBuild = false);
        builder.Services.AddApplication();
        builder.Services.AddClassifier();
        builder.Services.AddSentenceEmbedder((settings with { ModelServerUrl = null }).Embedding);
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
        app.UseHosting(settings);
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
                Console.WriteLine($"AIChat's classifier is ready at {url}{settings.PathBase}{(settings.ModelServerToken is null ? ", to this machine alone: no MODEL_SERVER_TOKEN is set" : string.Empty)}");
        });
    }

    /// <summary>One for each kind of call: short ones do not wait behind long ones.</summary>
    private static FairQueue NewQueue(WebApplication app, Settings settings) => new(settings.ModelServerQueue, app.Services.GetRequiredService<TimeProvider>());

    private static bool ListensHereAlone(ConfigurationManager configuration)
    {
        if (configuration.GetSection("Kestrel:Endpoints").Exists())
            return false;
        if (configuration["urls"] is not { Length: > 0 } urls)
            return string.IsNullOrEmpty(configuration["http_ports"]) && string.IsNullOrEmpty(configuration["https_ports"]);
        return urls.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(BindingAddress.Parse)
            .All(address => address.IsUnixPipe || address.Host == "localhost" || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip)));
    }
}
