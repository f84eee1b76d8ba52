using System.Text.Json;
using System.Threading.Channels;
using AIChat.Tests;
using Microsoft.AspNetCore.SignalR.Client;

namespace AIChat.Api.Tests;

/// <summary>What a hub connection hears, in either protocol.</summary>
internal static class Ears
{
    private static readonly string[] Events = ["chat", "chatUpdated", "chatDeleted", "topic", "topics", "summary", "newRoom", "read"];

    private static readonly JsonSerializerOptions Relaxed = new(JsonSerializerDefaults.Web);

    public static Channel<(string Name, JsonElement Body)> Listen(HubConnection hub)
    {
        var heard = Channel.CreateUnbounded<(string, JsonElement)>();
        foreach (var name in Events)
            hub.On<object>(name, body => heard.Writer.TryWrite((name, Json(body))));
        return heard;
    }

    // JSON connections give JsonElements, MessagePack ones dictionaries; both have the same names.
    public static JsonElement Json(object body) => body is JsonElement element ? element : JsonSerializer.SerializeToElement(body, Relaxed);

    public static async Task<JsonElement> NextAsync(Channel<(string Name, JsonElement Body)> heard, string name, Func<JsonElement, bool>? wanted = null)
    {
        using var patience = new CancellationTokenSource(Eventually.Patience);
        while (true)
        {
            var (said, body) = await heard.Reader.ReadAsync(patience.Token);
            if (said == name && (wanted is null || wanted(body)))
                return body;
        }
    }

    public static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
