using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using AIChat.Api.Tests.Contract;
using AIChat.Tests;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace AIChat.Api.Tests;

/// <summary>Somebody who uses the API as any client would: over HTTP and the hub, knowing nothing of the code behind.</summary>
public sealed class ApiClient : IDisposable
{
    private readonly Uri _server;

    private ApiClient(Uri server, HttpClient http, string token, string userId)
    {
        this._server = server;
        Http = http;
        Token = token;
        UserId = userId;
    }

    public HttpClient Http { get; }

    public string Token { get; }

    public string UserId { get; }

    public static async Task<ApiClient> JoinAsync(Uri server, string nickname)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = server, Timeout = Eventually.Timeout };
        using var answer = await http.PostAsJsonAsync("user", new { nickname });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var joined = new Answer(await answer.Content.ReadAsStringAsync()).As<Joined>();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", joined.Token);
        return new ApiClient(server, http, joined.Token, joined.UserId);
    }

    /// <summary>The same person, with the same token, at another server.</summary>
    public ApiClient At(Uri other) => Of(other, Token, UserId);

    /// <summary>Whoever has the token.</summary>
    public static ApiClient Of(Uri server, string token, string userId)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = server, Timeout = Eventually.Timeout };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new ApiClient(server, http, token, userId);
    }

    public async Task<(HttpStatusCode Status, Answer Body)> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is HttpContent content)
            request.Content = content;
        else if (body is not null)
            request.Content = JsonContent.Create(body);
        using var answer = await Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if ((int)answer.StatusCode >= 400)
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return (answer.StatusCode, new Answer(text));
    }

    public async Task<Answer> GetAsync(string path)
    {
        var (status, body) = await SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, status);
        return body;
    }

    /// <summary>What is done goes well, with this status.</summary>
    public async Task<T> DoneAsync<T>(HttpMethod method, string path, object? body = null, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var (status, answer) = await SendAsync(method, path, body);
        Assert.True(status == expected, $"{method} {path}: {(int)status} {answer}");
        return answer.As<T>();
    }

    public async Task<T> GetAsync<T>(string path) => (await GetAsync(path)).As<T>();

    public async Task<IReadOnlyList<T>> ItemsAsync<T>(string path) => (await GetAsync(path)).Items<T>();

    public async Task<string> OpenRoomAsync(string name)
    {
        var (status, room) = await SendAsync(HttpMethod.Post, "chat", new { channelName = name });
        Assert.Equal(HttpStatusCode.Created, status);
        return room.As<Room>().ChannelId;
    }

    public async Task<Message> PostAsync(string room, string content, string? clientMessageId = null, string? replyTo = null)
    {
        var (status, message) = await SendAsync(HttpMethod.Post, $"chat/{room}", new { content, clientMessageId, replyTo });
        Assert.True(status is HttpStatusCode.Created or HttpStatusCode.OK, $"{status}: {message}");
        return message.As<Message>();
    }

    public async Task<string> ImportAsync(string room, string transcript, string format = "jsonl")
    {
        var (status, job) = await SendAsync(HttpMethod.Post, $"chat/{room}/import?format={format}", new StringContent(transcript, Encoding.UTF8, "text/plain"));
        Assert.Equal(HttpStatusCode.Accepted, status);
        return job.As<Started>().JobId;
    }

    public async Task<Job> JobDoneAsync(string id)
    {
        await Eventually.SeenAsync(
            async () =>
            {
                var job = await GetAsync<Job>("jobs/" + id);
                return (job.State, job.Done);
            },
            seen => seen.State is "succeeded" or "failed",
            "job " + id);
        return await GetAsync<Job>("jobs/" + id);
    }

    /// <summary>Has a whole room looked at again, and waits for the end of that.</summary>
    public async Task LookAgainAsync(string room) => Assert.Equal("succeeded", (await JobDoneAsync(await ReclassifyAsync(room))).State);

    /// <returns>The job's id.</returns>
    public async Task<string> ReclassifyAsync(string room)
    {
        var (status, job) = await SendAsync(HttpMethod.Post, $"chat/{room}/reclassify");
        Assert.Equal(HttpStatusCode.Accepted, status);
        return job.As<Started>().JobId;
    }

    /// <summary>Every message, oldest first.</summary>
    public async Task<List<Message>> AllMessagesAsync(string room)
    {
        var all = new List<Message>();
        var after = 0L;
        while (true)
        {
            var page = await ItemsAsync<Message>($"chat/{room}/messages?after={after}&limit=100");
            if (page.Count == 0)
                return all;
            all.AddRange(page);
            after = page[^1].Seq;
        }
    }

    /// <summary>Goes through the room page by page, so that a long one is not read anew at every look.</summary>
    public async Task AllClassifiedAsync(string room)
    {
        var after = 0L;
        await Eventually.SeenAsync(
            async () =>
            {
                var page = await ItemsAsync<Message>($"chat/{room}/messages?after={after}&limit=100");
                var done = page.TakeWhile(message => message.Classified).LastOrDefault();
                return (After: after = done?.Seq ?? after, Read: page.Count);
            },
            seen => seen.Read == 0,
            "every message to be classified");
    }

    public async Task<HubConnection> ConnectAsync(bool messagePack = false, HttpTransportType transport = HttpTransportType.WebSockets)
    {
        var builder = new HubConnectionBuilder().WithUrl(new Uri(_server, "hub/chat"), transport, options => options.AccessTokenProvider = () => Task.FromResult<string?>(Token));
        if (messagePack)
        {
            builder.AddMessagePackProtocol(pack => pack.SerializerOptions = MessagePack.MessagePackSerializerOptions.Standard
                .WithResolver(MessagePack.Resolvers.ContractlessStandardResolver.Instance));
        }

        var connection = builder.Build();
        await connection.StartAsync();
        return connection;
    }

    public void Dispose() => Http.Dispose();
}
