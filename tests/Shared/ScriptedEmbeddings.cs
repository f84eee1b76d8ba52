using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AIChat.Tests;

/// <summary>
/// A server that speaks OpenAI's <c>/embeddings</c> as most do: floats, whatever else is asked for. It knows a few things and by how many words they go; all other texts lie in a
/// direction of their own. Fails where it is told to.
/// </summary>
public sealed class ScriptedEmbeddings : IAsyncDisposable
{
    private const int Dimensions = 24;

    private static readonly string[][] Things = [["dog", "puppy", "강아지"], ["soup", "stew", "찌개"], ["train", "railway", "기차"]];

    private readonly WebApplication _app;

    private ScriptedEmbeddings(WebApplication app) => _app = app;

    /// <summary>What EMBEDDING_URL is set to.</summary>
    public Uri Address => new(new Uri(_app.Urls.First()), "v1");

    /// <summary>Takes an answer over; true: it has answered.</summary>
    public Func<HttpContext, IReadOnlyList<string>, Task<bool>> Fault { get; set; } = (_, _) => Task.FromResult(false);

    /// <summary>Every text that was sent, as often as it was.</summary>
    public ConcurrentQueue<string> Texts { get; } = [];

    /// <summary>When each request came, what it was shown, and which model it asked for.</summary>
    public ConcurrentQueue<(long At, string? Key, string? Model, int Texts)> Requests { get; } = [];

    public static async Task<ScriptedEmbeddings> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new ScriptedEmbeddings(app);
        app.MapPost("/v1/embeddings", server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private static float[] VectorOf(string text)
    {
        var vector = new float[Dimensions];
        for (var thing = 0; thing < Things.Length; thing++)
            vector[thing] = Things[thing].Count(word => text.Contains(word, StringComparison.OrdinalIgnoreCase)) * 3;
        var own = Things.Length + text.Aggregate(0, (sum, letter) => (sum * 31 + letter) & 0xffff) % (Dimensions - Things.Length);
        vector[own] = 1;
        return vector;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var asked = await JsonDocument.ParseAsync(context.Request.Body);
        var texts = asked.RootElement.GetProperty("input").EnumerateArray().Select(text => text.GetString()!).ToList();
        Requests.Enqueue((TimeProvider.System.GetTimestamp(), context.Request.Headers.Authorization, asked.RootElement.GetProperty("model").GetString(), texts.Count));
        foreach (var text in texts)
            Texts.Enqueue(text);
        if (await Fault(context, texts))
            return;

        // Out of their order: the index counts.
        await context.Response.WriteAsJsonAsync(new
        {
            @object = "list",
            model = "scripted",
            data = texts.Select((text, index) => new { @object = "embedding", index, embedding = VectorOf(text) }).Reverse(),
            usage = new { prompt_tokens = 0, total_tokens = 0 },
        });
    }
}
