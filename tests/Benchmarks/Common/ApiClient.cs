using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace AIChat.Benchmarks.Common;

internal sealed record ApiUser(string UserId, string Token);

internal sealed record ApiRoom(string ChannelId);

internal sealed record ApiJob(string State, long? Done, long? Total, long? RejectedCount, string? Error);

internal sealed record ApiMessage(long Seq, bool Classified);

/// <summary>The REST calls that a measurement needs to prepare itself.</summary>
internal sealed class ApiClient(Uri server) : IDisposable
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    // Uploads take as long as they take: the caller's token bounds every call.
    readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false })
    {
        BaseAddress = server,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public Task<ApiUser> SignUpAsync(string nickname, CancellationToken cancellation) =>
        SendAsync<ApiUser>(HttpMethod.Post, "user", null, () => JsonContent.Create(new { nickname }), cancellation);

    public async Task<string> CreateRoomAsync(ApiUser owner, string channelName, CancellationToken cancellation) =>
        (await SendAsync<ApiRoom>(HttpMethod.Post, "chat", owner, () => JsonContent.Create(new { channelName }), cancellation)).ChannelId;

    /// <returns>The job's id.</returns>
    public async Task<string> ImportAsync(ApiUser owner, string room, string file, CancellationToken cancellation)
    {
        var accepted = await SendAsync<JsonElement>(HttpMethod.Post, $"chat/{room}/import?format=jsonl", owner, Upload, cancellation);
        return accepted.GetProperty("jobId").GetString()!;

        HttpContent Upload()
        {
            var content = new StreamContent(File.OpenRead(file));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
            return content;
        }
    }

    /// <summary>Waits until a job has ended; fails unless it did all of its work.</summary>
    public async Task WaitForJobAsync(ApiUser owner, string job, CancellationToken cancellation)
    {
        while (true)
        {
            var now = await SendAsync<ApiJob>(HttpMethod.Get, $"jobs/{job}", owner, null, cancellation);
            if (now.State == "failed" || now.RejectedCount > 0)
                throw new BenchmarkException($"The import job ended as '{now.State}' with {now.RejectedCount ?? 0} lines rejected. {now.Error}");
            if (now.State == "succeeded")
                return;
            await Task.Delay(100, cancellation);
        }
    }

    /// <summary>A page; a query is for example <c>before=51&amp;limit=50</c>.</summary>
    public async Task<IReadOnlyList<ApiMessage>> MessagesAsync(ApiUser reader, string room, string query, CancellationToken cancellation)
    {
        var page = await SendAsync<Page<ApiMessage>>(HttpMethod.Get, $"chat/{room}/messages?{query}", reader, null, cancellation);
        return page.Items;
    }

    /// <summary>The bytes of a page alone, so that the measured time holds no parsing.</summary>
    public async Task<int> PageSizeAsync(ApiUser reader, string room, string query, CancellationToken cancellation)
    {
        using var request = Request(HttpMethod.Get, $"chat/{room}/messages?{query}", reader);
        using var response = await _http.SendAsync(request, cancellation);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadAsByteArrayAsync(cancellation)).Length;
    }

    public void Dispose() => _http.Dispose();

    async Task<T> SendAsync<T>(HttpMethod method, string path, ApiUser? user, Func<HttpContent>? content, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = Request(method, path, user);
            request.Content = content?.Invoke();
            using var response = await _http.SendAsync(request, cancellation);
            if (response.IsSuccessStatusCode)
                return (await response.Content.ReadFromJsonAsync<T>(Json, cancellation))!;
            if (response.StatusCode != HttpStatusCode.TooManyRequests || attempt == 10)
            {
                var problem = await response.Content.ReadAsStringAsync(cancellation);
                throw new BenchmarkException($"{method} /{path} answered {(int)response.StatusCode}: {problem[..Math.Min(problem.Length, 300)]}");
            }

            // Only preparation comes here; nothing that is measured is retried.
            var wait = response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1);
            await Task.Delay(wait < TimeSpan.FromSeconds(60) ? wait : TimeSpan.FromSeconds(60), cancellation);
        }
    }

    static HttpRequestMessage Request(HttpMethod method, string path, ApiUser? user)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (user is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", user.Token);
        return request;
    }

    sealed record Page<T>(IReadOnlyList<T> Items);
}
