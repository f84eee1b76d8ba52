using System.Collections.Concurrent;
using System.CommandLine;
using System.Globalization;
using AIChat.Benchmarks.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AIChat.Benchmarks.Load;

/// <summary>The whole message of the contract, so that the peer sends as many bytes as AIChat.</summary>
public sealed record BareMessage(
    string Id,
    string ChannelId,
    long Seq,
    string UserId,
    string Nickname,
    string Content,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EditedAt,
    DateTimeOffset? DeletedAt,
    string? ReplyTo,
    bool Classified,
    string? TopicId,
    IReadOnlyList<string> Reactions,
    IReadOnlyList<string> Mentions,
    bool Imported,
    string? ClientMessageId);

/// <summary>
/// The peer that a load run is compared with: SignalR alone. It numbers a message and tells the room; it stores nothing, checks nobody, classifies nothing.
/// What AIChat costs above this is what storing, checking and classifying cost.
/// </summary>
internal static class BareServer
{
    // Nobody measures for longer; a peer whose parent was killed does not stay for ever.
    static readonly TimeSpan Lifetime = TimeSpan.FromHours(2);

    public static Command Create()
    {
        var port = Commands.Count("--port", 0, 65535, "Port of 127.0.0.1; 0: ASPNETCORE_URLS, or any free one");
        var command = new Command("bare-server", "The peer of `load --bare`: SignalR without storage.") { port };
        command.Does(async (parsed, cancellation) =>
        {
            await using var app = Build(parsed.GetValue(port));
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(Lifetime);
            await app.StartAsync(limit.Token);
            Report.Say(string.Join(' ', app.Urls));
            await Task.Delay(Timeout.InfiniteTimeSpan, limit.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            return 0;
        });
        return command;
    }

    static WebApplication Build(int port)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        if (port > 0 || builder.WebHost.GetSetting(WebHostDefaults.ServerUrlsKey) is null)
            builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddSignalR().AddMessagePackProtocol(options => options.SerializerOptions = Wire.Options);
        builder.Services.AddSingleton<Numbers>();
        builder.Services.AddSingleton(TimeProvider.System);
        var app = builder.Build();
        app.MapGet("/health/ready", () => "ready");
        app.MapPost("/user", (Numbers numbers) => Results.Json(new { userId = numbers.NewId("u"), token = "bare" }, statusCode: 201));
        app.MapPost("/chat", (Numbers numbers) => Results.Json(new { channelId = numbers.NewId("r") }, statusCode: 201));
        app.MapHub<BareHub>("/hub/chat");
        return app;
    }

    sealed class Numbers
    {
        readonly ConcurrentDictionary<string, long> _seqs = [];
        long _last;

        public string NewId(string kind) => kind + Interlocked.Increment(ref _last).ToString("x23", CultureInfo.InvariantCulture);

        public long Next(string room) => _seqs.AddOrUpdate(room, 1, (_, seq) => seq + 1);
    }

    sealed class BareHub(Numbers numbers, TimeProvider time) : Hub
    {
        public async Task<object> Join(string channelId)
        {
            await Groups.AddToGroupAsync(Context.ConnectionId, channelId);
            return new { lastSeq = 0, rev = 0 };
        }

        public async Task<BareMessage> Message(Post post)
        {
            var message = new BareMessage(
                numbers.NewId("m"), post.ChannelId, numbers.Next(post.ChannelId), Context.ConnectionId, "bench-000", post.Content, time.GetUtcNow(),
                EditedAt: null, DeletedAt: null, ReplyTo: null,
                Classified: false, TopicId: null, Reactions: [], Mentions: [], Imported: false, post.ClientMessageId);
            await Clients.Group(post.ChannelId).SendAsync("chat", message);
            return message;
        }
    }
}
