using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using AIChat.Application.Common;

namespace AIChat.Infrastructure.Topics.Encoders.Hub;

/// <summary>
/// The Hugging Face hub's HTTP protocol: <c>/api/models/NAME/revision/REVISION?blobs=true</c> lists a repository, <c>/NAME/resolve/COMMIT/FILE</c> redirects to a file's content, often at another host.
/// </summary>
/// <param name="http">A client that follows no redirects itself.</param>
/// <param name="endpoint">HF_ENDPOINT.</param>
/// <param name="token">HF_TOKEN; sent to the endpoint only.</param>
/// <param name="time">For the pauses between tries.</param>
internal sealed partial class ModelHub(HttpClient http, Uri endpoint, string? token, TimeProvider time)
{
    private const int MaxRedirects = 8;
    private const int MaxTries = 6;
    private const int MaxListing = 16 * 1024 * 1024;
    private const int Piece = 128 * 1024;

    /// <summary>The longest pause between tries; a hub that asks for a longer one is not tried again.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    /// <summary>Time without data after which a connection is closed.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    /// <summary>The commit of a revision, and its files.</summary>
    /// <exception cref="ModelException">There is no such revision, or the hub gives no answer.</exception>
    public async Task<(string Commit, IReadOnlyList<HubFile> Files)> FindAsync(ModelName name, CancellationToken cancellation)
    {
        var address = new Uri(endpoint, $"api/models/{name.Repository}/revision/{Uri.EscapeDataString(name.Wanted)}?blobs=true");
        var (commit, files) = (string.Empty, new List<HubFile>());
        await TryAsync(
            async () =>
            {
                using var cut = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                cut.CancelAfter(Silence);
                using var response = await GetAsync(name, address, 0, cut.Token);
                if (response.Content.Headers.ContentLength > MaxListing)
                    throw NotAHub();
                await response.Content.LoadIntoBufferAsync(MaxListing, cut.Token);
                (commit, files) = Read(await response.Content.ReadAsByteArrayAsync(cut.Token));
            },
            () => 0,
            cancellation);
        return (commit, files);
    }

    /// <summary>Downloads a file; resumes an earlier download.</summary>
    /// <param name="name">The model.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="file">The file.</param>
    /// <param name="path">The target; existing content is taken for the beginning of the file.</param>
    /// <param name="arrived">Called with the number of bytes in the target.</param>
    /// <param name="cancellation">Stops between two pieces.</param>
    /// <exception cref="ModelException">The download failed.</exception>
    public Task FetchAsync(ModelName name, string commit, HubFile file, string path, Action<long> arrived, CancellationToken cancellation)
    {
        var address = new Uri(endpoint, $"{name.Repository}/resolve/{commit}/{file.Path}");
        var reached = 0L;
        return TryAsync(() => FetchOnceAsync(name, address, file, path, Reach, cancellation), () => reached, cancellation);

        void Reach(long bytes)
        {
            reached = bytes;
            arrived(bytes);
        }
    }

    private async Task FetchOnceAsync(ModelName name, Uri address, HubFile file, string path, Action<long> arrived, CancellationToken cancellation)
    {
        await using var target = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, Piece);
        if (target.Length > file.Size)
            target.SetLength(0);
        var from = target.Seek(0, SeekOrigin.End);
        arrived(from);
        if (from == file.Size)
            return;

        using var cut = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        cut.CancelAfter(Silence);
        using var response = await GetAsync(name, address, from, cut.Token);
        if (from > 0 && (response.StatusCode != HttpStatusCode.PartialContent || response.Content.Headers.ContentRange?.From != from))
        {
            // The server ignores the range and sends the whole file.
            target.SetLength(0);
            if (response.StatusCode == HttpStatusCode.PartialContent)
                throw new HttpRequestException("it sent another part of the file than was asked for");
        }

        var piece = new byte[Piece];
        await using var content = await response.Content.ReadAsStreamAsync(cut.Token);
        while (await content.ReadAsync(piece, cut.Token) is > 0 and var count)
        {
            cut.CancelAfter(Silence);
            if (target.Position + count > file.Size)
            {
                // More than the listed size; the check of the hash will fail.
                await target.WriteAsync(piece.AsMemory(0, (int)(file.Size - target.Position)), cancellation);
                break;
            }

            await target.WriteAsync(piece.AsMemory(0, count), cancellation);
            arrived(target.Position);
        }

        if (target.Position < file.Size)
            throw new HttpRequestException("the connection was cut");
    }

    /// <summary>Follows redirects; the token is sent to the hub only.</summary>
    private async Task<HttpResponseMessage> GetAsync(ModelName name, Uri address, long from, CancellationToken cancellation)
    {
        for (var hops = 0; hops <= MaxRedirects; hops++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (token is not null && Uri.Compare(address, endpoint, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (from > 0)
                request.Headers.Range = new RangeHeaderValue(from, null);
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
                address = Next(name, address, response);
        }

        throw new ModelException(ModelErrors.HubAway($"The hub leads in a circle ({MaxRedirects} redirects)."));
    }

    private Uri Next(ModelName name, Uri address, HttpResponseMessage response)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect:
                var next = response.Headers.Location is { } location ? new Uri(address, location) : throw NotAHub();
                return next.Scheme == address.Scheme || next.Scheme == Uri.UriSchemeHttps ? next : throw new ModelException(ModelErrors.HubAway("The hub leads away from an encrypted connection."));
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                throw new ModelException(ModelErrors.Forbidden(name, token is not null));
            case HttpStatusCode.NotFound:
                throw new ModelException(ModelErrors.NotFound(name));
            case HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or HttpStatusCode.RequestedRangeNotSatisfiable or >= HttpStatusCode.InternalServerError:
                var wait = response.Headers.RetryAfter switch
                {
                    { Delta: { } delta } => delta,
                    { Date: { } date } => date - time.GetUtcNow(),
                    _ => (TimeSpan?)null,
                };
                throw new UnavailableException((int)response.StatusCode, wait);
            default:
                throw new ModelException(ModelErrors.HubAway($"The hub answered with status {(int)response.StatusCode}."));
        }
    }

    /// <summary>Retries after transient failures; a try that made progress resets the count.</summary>
    /// <param name="once">One try.</param>
    /// <param name="reached">The number of bytes so far.</param>
    /// <param name="cancellation">Stops the tries and the pauses.</param>
    private async Task TryAsync(Func<Task> once, Func<long> reached, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            var (why, wait, before) = (string.Empty, (TimeSpan?)null, reached());
            try
            {
                await once();
                return;
            }
            catch (UnavailableException unavailable)
            {
                (why, wait) = ($"The hub answered with status {unavailable.Status}.", unavailable.Wait);
            }
            catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException || (failure is IOException && failure is not FileNotFoundException && IsOfNetwork(failure)))
            {
                cancellation.ThrowIfCancellationRequested();
                why = $"The hub at {endpoint.GetLeftPart(UriPartial.Authority)} cannot be reached ({(failure is OperationCanceledException ? "no answer" : failure.Message.TrimEnd('.'))}).";
            }

            if (reached() > before)
                tries = 1;
            wait ??= TimeSpan.FromMilliseconds(250 << tries);
            if (tries == MaxTries || wait > LongestWait)
                throw new ModelException(ModelErrors.HubAway(wait > LongestWait ? $"{why} It asks to come back in {Math.Ceiling(wait.Value.TotalMinutes)} minutes." : why));
            await Task.Delay(wait.Value < TimeSpan.Zero ? TimeSpan.Zero : wait.Value, time, cancellation);
        }
    }

    /// <summary>Whether an IO failure is of the network; a full disk has the same type of exception.</summary>
    private static bool IsOfNetwork(Exception failure) => failure is HttpIOException || failure.InnerException is System.Net.Sockets.SocketException;

    private static ModelException NotAHub() => new(ModelErrors.HubAway("What answers is no hub of models; correct HF_ENDPOINT."));

    private static (string Commit, List<HubFile> Files) Read(byte[] listing)
    {
        try
        {
            using var json = JsonDocument.Parse(listing);
            var commit = json.RootElement.GetProperty("sha").GetString() ?? string.Empty;
            if (!Commit().IsMatch(commit))
                throw NotAHub();
            return (commit, [.. json.RootElement.GetProperty("siblings").EnumerateArray().Select(FileOf)]);
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw NotAHub();
        }
    }

    private static HubFile FileOf(JsonElement file)
    {
        var isLarge = file.TryGetProperty("lfs", out var large) && large.ValueKind == JsonValueKind.Object;
        return new HubFile(
            file.GetProperty("rfilename").GetString() ?? string.Empty,
            file.TryGetProperty("size", out var size) && size.ValueKind == JsonValueKind.Number ? size.GetInt64() : large.GetProperty("size").GetInt64(),
            isLarge ? large.GetProperty("sha256").GetString() : null,
            file.TryGetProperty("blobId", out var blob) ? blob.GetString() : null);
    }

    [GeneratedRegex(@"\A[0-9a-f]{40}\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Commit();

    /// <summary>The hub is temporarily unavailable.</summary>
    private sealed class UnavailableException(int status, TimeSpan? wait) : Exception
    {
        public int Status => status;

        public TimeSpan? Wait => wait;
    }
}
