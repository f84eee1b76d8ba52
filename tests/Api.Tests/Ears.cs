using System.Text.Json;
using System.Threading.Channels;
using AIChat.Api.Tests.Contract;
using AIChat.Tests;
using Microsoft.AspNetCore.SignalR.Client;

namespace AIChat.Api.Tests;

/// <summary>What a hub connection hears, in either protocol.</summary>
internal static class Ears
{
    private static readonly string[] Events = ["chat", "chatUpdated", "chatDeleted", "topic", "topics", "topicDrift", "summary", "newRoom", "read"];

    private static readonly JsonSerializerOptions Relaxed = new(JsonSerializerDefaults.Web);

    /// <param name="hub">Where to listen.</param>
    /// <param name="names">Events; none: all.</param>
    public static Channel<(string Name, Answer Body)> Listen(HubConnection hub, params string[] names)
    {
        var heard = Channel.CreateUnbounded<(string, Answer)>();
        foreach (var name in names.Length > 0 ? names : Events)
            hub.On<object>(name, body => heard.Writer.TryWrite((name, Of(body))));
        return heard;
    }

    /// <summary>What a hub's method gives back.</summary>
    public static async Task<T> AskAsync<T>(this HubConnection hub, string method, object? argument) => Of(await hub.InvokeAsync<object>(method, argument)).As<T>();

    // JSON connections give JsonElements, MessagePack ones dictionaries; both have the same names.
    public static Answer Of(object body) => new(body is JsonElement element ? element.GetRawText() : JsonSerializer.Serialize(body, Relaxed));

    /// <summary>The next event of a name, whatever else is heard before it.</summary>
    public static async Task<Answer> NextAsync(Channel<(string Name, Answer Body)> heard, string name, Func<Answer, bool>? wanted = null)
    {
        using var patience = new CancellationTokenSource(Eventually.Timeout);
        while (true)
        {
            var (said, body) = await heard.Reader.ReadAsync(patience.Token);
            if (said == name && (wanted is null || wanted(body)))
                return body;
        }
    }

    public static async Task<T> NextAsync<T>(Channel<(string Name, Answer Body)> heard, string name, Func<T, bool>? wanted = null)
        => (await NextAsync(heard, name, body => wanted is null || wanted(body.As<T>()))).As<T>();
}
