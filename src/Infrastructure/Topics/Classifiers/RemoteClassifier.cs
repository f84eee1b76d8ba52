using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json;
using AIChat.Domain.Topics;
using Microsoft.Extensions.Logging;
using Polly.CircuitBreaker;

namespace AIChat.Infrastructure.Topics.Classifiers;

/// <summary>
/// Asks a remote classifier, and the one in this process where the remote one cannot be reached, is too slow, refuses, or gives an invalid answer; each change is logged
/// once. A window with a line that its author keeps from remote models is classified here as a whole, because its lines cannot be classified apart.
/// </summary>
internal sealed class RemoteClassifier(IHttpClientFactory clients, ConversationClassifier local, RemoteClassifierLimits limits, TimeProvider time, ILogger<RemoteClassifier> log)
    : IConversationClassifier
{
    public const string ClientName = "classifier";

    private const int MaxLines = 10_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Lock _gate = new();
    private string? _failure = "has not been asked yet";
    private long _pausedUntil = long.MinValue;

    public async Task<Classification> ClassifyAsync(IReadOnlyList<ChatLine> lines, ClassificationMode mode, IProgress<int>? progress, CancellationToken cancellation)
    {
        if (lines.Count is > 0 and <= MaxLines && !lines.Any(line => line.ExcludeFromAi) && time.GetTimestamp() >= Volatile.Read(ref _pausedUntil) && await AskAsync(lines, mode, cancellation) is { } found)
        {
            progress?.Report(lines.Count);
            return found;
        }

        return await local.ClassifyAsync(lines, mode, progress, cancellation);
    }

    /// <returns>Null: there is no valid answer.</returns>
    private async Task<Classification?> AskAsync(IReadOnlyList<ChatLine> lines, ClassificationMode mode, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(limits.AnswerTimeout(lines.Count), time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var request = new HttpRequestMessage(HttpMethod.Post, "predict") { Content = BodyOf(lines, mode) };
            // The server can refuse before megabytes of text are sent.
            request.Headers.ExpectContinue = true;
            using var answer = await client.SendAsync(request, linked.Token);
            if (!answer.IsSuccessStatusCode)
                return Fail(WhyOf(answer.StatusCode), pauses: answer.StatusCode is not (HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError));
            if ((await answer.Content.ReadFromJsonAsync<RemoteAnswer>(Json, linked.Token))?.ToClassification(lines) is not { } found)
                return Fail("answers nonsense", pauses: true);
            Succeed(client.BaseAddress!);
            return found;
        }
        catch (BrokenCircuitException)
        {
            return Fail(_failure ?? "cannot be reached", pauses: false);
        }
        catch (HttpRequestException)
        {
            return Fail("cannot be reached", pauses: false);
        }
        catch (JsonException)
        {
            return Fail("answers nonsense", pauses: true);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Fail("is too slow", pauses: true);
        }
    }

    private static ByteArrayContent BodyOf(IReadOnlyList<ChatLine> lines, ClassificationMode mode)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                channelId = "window",
                mode = mode == ClassificationMode.Full ? "full" : "online",
                chats = lines.Select((line, at) => new
                {
                    id = IdOf(at),
                    userId = line.Speaker,
                    line.Nickname,
                    line.Content,
                    line.CreatedAt,
                    replyTo = line.ReplyTo is { } answered ? IdOf(answered) : null,
                    kind = line.IsSystem ? "system" : "message",
                    knownConversation = line.Conversation,
                    sense = line.Embedding is { } embedding ? MemoryMarshal.AsBytes<float>(embedding).ToArray() : null,
                }),
            },
            Json));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;

        static string IdOf(int line) => line.ToString(CultureInfo.InvariantCulture);
    }

    private static string WhyOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "refuses MODEL_SERVER_TOKEN",
        HttpStatusCode.TooManyRequests => "has no place in its queue",
        _ => string.Create(CultureInfo.InvariantCulture, $"answers with {(int)status}"),
    };

    /// <param name="why">For the log.</param>
    /// <param name="pauses">Whether no request is sent for a while, because a retry would fail alike. Transient failures are left to the circuit breaker.</param>
    private Classification? Fail(string why, bool pauses)
    {
        if (pauses)
            Volatile.Write(ref _pausedUntil, time.GetTimestamp() + (long)(limits.RefusalPause.TotalSeconds * time.TimestampFrequency));
        lock (_gate)
        {
            if (_failure == why)
                return null;
            _failure = why;
        }

        log.LogWarning("The classifier of MODEL_SERVER_URL {Why}; conversations are found here until it answers", why);
        return null;
    }

    private void Succeed(Uri address)
    {
        lock (_gate)
        {
            if (_failure is null)
                return;
            _failure = null;
        }

        log.LogInformation("The classifier at {Address} finds conversations now", address);
    }
}

/// <summary>How long a classifier on another machine is waited for, and when it is not asked.</summary>
/// <param name="MinTimeout">For a window of any size, all tries together.</param>
/// <param name="TimeoutPerLine">In addition, for each line of the window.</param>
/// <param name="FirstPause">Before the first retry; later pauses are longer, with jitter.</param>
/// <param name="MaxPause">A classifier that asks for a longer pause (<c>Retry-After</c>) is not retried.</param>
/// <param name="BreakDuration">How long it is not asked after several tries in a row failed.</param>
/// <param name="RefusalPause">How long it is not asked after an answer that a retry would not change.</param>
internal sealed record RemoteClassifierLimits(TimeSpan MinTimeout, TimeSpan TimeoutPerLine, TimeSpan FirstPause, TimeSpan MaxPause, TimeSpan BreakDuration, TimeSpan RefusalPause)
{
    public static readonly RemoteClassifierLimits Default = new(
        TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30));

    public TimeSpan AnswerTimeout(int lines) => MinTimeout + (TimeoutPerLine * lines);
}
