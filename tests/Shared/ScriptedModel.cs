using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AIChat.Tests;

/// <summary>A server that speaks OpenAI's chat completions over real HTTP and says what a test tells it to, in every way that a real one may fail.</summary>
public sealed class ScriptedModel : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedModel(WebApplication app) => _app = app;

    /// <summary>For <c>OPENAI_BASE_URL</c>.</summary>
    public Uri Address => new(_app.Urls.First() + "/v1");

    /// <summary>All that was asked.</summary>
    public ConcurrentQueue<ModelRequest> Asked { get; } = [];

    /// <summary>Answers that went out whole.</summary>
    public int Answered { get; private set; }

    /// <summary>Callers who hung up before the end.</summary>
    public int HungUp { get; private set; }

    /// <summary>What to answer with, in pieces; usual: a point for each topic that cites its first line.</summary>
    public Func<ModelRequest, IEnumerable<string>> Answer { get; set; } = request => [Faithful(request)];

    /// <summary>Takes an answer over; true: it has answered.</summary>
    public Func<HttpContext, ModelRequest, Task<bool>> Fault { get; set; } = (_, _) => Task.FromResult(false);

    /// <summary>Waits before each piece.</summary>
    public TimeSpan Pause { get; set; }

    /// <summary>The connection ends after so many pieces, which have arrived by then.</summary>
    public int? CutAfter { get; set; }

    /// <summary>Whether it tells what a call used.</summary>
    public bool TellsUsage { get; set; } = true;

    public static async Task<ScriptedModel> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        var app = builder.Build();
        var server = new ScriptedModel(app);
        app.MapPost("/v1/chat/completions", server.CompleteAsync);
        await app.StartAsync();
        return server;
    }

    /// <summary>A point for each topic of a prompt, in the words of its first line.</summary>
    public static string Faithful(ModelRequest request) => JsonSerializer.Serialize(new
    {
        topics = request.Topics.Select(topic => new { topic = topic.Number, name = "plain topic", points = new[] { new { kind = "statement", text = topic.Lines[0].Text, cites = new[] { topic.Lines[0].Number } } } }),
    });

    /// <summary>As it was at first, for another test.</summary>
    public void Reset()
    {
        Asked.Clear();
        (Answered, HungUp) = (0, 0);
        (Answer, Fault) = (request => [Faithful(request)], (_, _) => Task.FromResult(false));
        (Pause, CutAfter, TellsUsage) = (TimeSpan.Zero, null, true);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task CompleteAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        var request = ModelRequest.Of(body.RootElement, context.Request.Headers.Authorization.ToString());
        Asked.Enqueue(request);
        try
        {
            if (await Fault(context, request))
                return;
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync();
            var (sent, letters) = (0, 0);
            foreach (var piece in Answer(request))
            {
                await Task.Delay(Pause, context.RequestAborted);
                if (sent++ == CutAfter)
                    throw new IOException("Cut."); // Kestrel sends what is written, and then closes.

                letters += piece.Length;
                await SendAsync(context, new { id = "1", @object = "chat.completion.chunk", created = 1, model = "scripted", choices = new[] { new { index = 0, delta = new { content = piece } } } });
            }

            if (TellsUsage)
                await SendAsync(context, new { id = "1", @object = "chat.completion.chunk", created = 1, model = "scripted", choices = Array.Empty<object>(), usage = new { prompt_tokens = 100, completion_tokens = letters, total_tokens = 100 + letters } });
            await context.Response.WriteAsync("data: [DONE]\n\n", context.RequestAborted);
            Answered++;
        }
        catch (OperationCanceledException)
        {
            HungUp++;
        }
    }

    private static async Task SendAsync(HttpContext context, object chunk)
    {
        await context.Response.WriteAsync($"data: {JsonSerializer.Serialize(chunk)}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}

/// <summary>What a model was asked.</summary>
/// <param name="System">Its instructions.</param>
/// <param name="User">Its data, as they came.</param>
/// <param name="Format">The form of answer that was wanted: json_schema, json_object, or none.</param>
/// <param name="Token">What it was shown.</param>
/// <param name="Topics">The data, read, where it is topics to sum up.</param>
public sealed record ModelRequest(string System, string User, string? Format, string Token, IReadOnlyList<ModelTopic> Topics)
{
    public static ModelRequest Of(JsonElement body, string token)
    {
        var said = body.GetProperty("messages").EnumerateArray().Select(message => TextOf(message.GetProperty("content"))).ToList();
        return new ModelRequest(said[0], said[^1], body.TryGetProperty("response_format", out var format) ? format.GetProperty("type").GetString() : null, token, Read(said[^1]));
    }

    private static string TextOf(JsonElement content)
        => content.ValueKind == JsonValueKind.String ? content.GetString()! : string.Concat(content.EnumerateArray().Select(part => part.GetProperty("text").GetString()));

    private static List<ModelTopic> Read(string user)
    {
        var topics = new List<ModelTopic>();
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(user), new JsonReaderOptions { AllowMultipleValues = true });
        while (reader.Read())
        {
            using var topic = JsonDocument.ParseValue(ref reader);
            if (!topic.RootElement.TryGetProperty("topic", out _))
                continue;
            topics.Add(new ModelTopic(
                topic.RootElement.GetProperty("topic").GetInt32(),
                [.. topic.RootElement.GetProperty("lines").EnumerateArray().Select(line => new ModelLine(line.GetProperty("n").GetInt32(), line.TryGetProperty("who", out var who) ? who.GetString() : null, line.GetProperty("text").GetString()!))]));
        }

        return topics;
    }
}

public sealed record ModelTopic(int Number, IReadOnlyList<ModelLine> Lines);

public sealed record ModelLine(int Number, string? Who, string Text);
