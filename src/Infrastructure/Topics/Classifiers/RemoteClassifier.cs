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
/// Asks a classifier elsewhere, and this process's own where that one is away, slow, refuses, or answers nonsense; the log says so once, and again when it is back.
/// Nothing hangs on it: a call that fails is answered from here, from the same lines. A window with a line that its speaker keeps from models elsewhere stays here as a
/// whole: without its words the line could not be filed.
/// </summary>
internal sealed class RemoteClassifier(IHttpClientFactory clients, ConversationClassifier own, RemoteClassifierLimits limits, TimeProvider time, ILogger<RemoteClassifier> log)
    : IConversationClassifier
{
    public const string ClientName = "classifier";

    private const int MaxLines = 10_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Lock gate = new();
    private string? trouble = "has not been asked yet";
    private long restUntil = long.MinValue;

    public async Task<Classification> ClassifyAsync(IReadOnlyList<ChatLine> lines, ClassificationMode mode, IProgress<int>? progress, CancellationToken cancellation)
    {
        if (lines.Count is > 0 and <= MaxLines && !lines.Any(line => line.ExcludeFromAi) && time.GetTimestamp() >= Volatile.Read(ref restUntil) && await AskAsync(lines, mode, cancellation) is { } found)
        {
            progress?.Report(lines.Count);
            return found;
        }

        return await own.ClassifyAsync(lines, mode, progress, cancellation);
    }

    /// <returns>Null: it could not be had.</returns>
    private async Task<Classification?> AskAsync(IReadOnlyList<ChatLine> lines, ClassificationMode mode, CancellationToken cancellation)
    {
        using var patient = new CancellationTokenSource(limits.AnswerTimeout(lines.Count), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patient.Token, cancellation);
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var request = new HttpRequestMessage(HttpMethod.Post, "predict") { Content = BodyOf(lines, mode) };
            // A refusal comes before megabytes of text are on their way.
            request.Headers.ExpectContinue = true;
            using var answer = await client.SendAsync(request, either.Token);
            if (!answer.IsSuccessStatusCode)
                return Troubled(WhyOf(answer.StatusCode), rests: answer.StatusCode is not (HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError));
            if ((await answer.Content.ReadFromJsonAsync<RemoteAnswer>(Json, either.Token))?.For(lines) is not { } found)
                return Troubled("answers nonsense", rests: true);
            Answered(client.BaseAddress!);
            return found;
        }
        catch (BrokenCircuitException)
        {
            return Troubled(trouble ?? "cannot be reached", rests: false);
        }
        catch (HttpRequestException)
        {
            return Troubled("cannot be reached", rests: false);
        }
        catch (JsonException)
        {
            return Troubled("answers nonsense", rests: true);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Troubled("is too slow", rests: true);
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
                    id = Name(at),
                    userId = line.Speaker,
                    line.Nickname,
                    line.Content,
                    line.CreatedAt,
                    replyTo = line.ReplyTo is { } answered ? Name(answered) : null,
                    kind = line.IsSystem ? "system" : "message",
                    knownConversation = line.Conversation,
                    sense = line.Embedding is { } sense ? MemoryMarshal.AsBytes<float>(sense).ToArray() : null,
                }),
            },
            Json));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;

        static string Name(int line) => line.ToString(CultureInfo.InvariantCulture);
    }

    private static string WhyOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "refuses MODEL_SERVER_TOKEN",
        HttpStatusCode.TooManyRequests => "has no place in its queue",
        _ => string.Create(CultureInfo.InvariantCulture, $"answers with {(int)status}"),
    };

    /// <param name="why">What is wrong with it.</param>
    /// <param name="rests">Whether it is left alone for a while: trying at once would bring the same. What may pass by itself is the circuit breaker's to judge.</param>
    private Classification? Troubled(string why, bool rests)
    {
        if (rests)
            Volatile.Write(ref restUntil, time.GetTimestamp() + (long)(limits.RefusalPause.TotalSeconds * time.TimestampFrequency));
        lock (gate)
        {
            if (trouble == why)
                return null;
            trouble = why;
        }

        log.LogWarning("The classifier of MODEL_SERVER_URL {Why}; conversations are found here until it answers", why);
        return null;
    }

    private void Answered(Uri address)
    {
        lock (gate)
        {
            if (trouble is null)
                return;
            trouble = null;
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
