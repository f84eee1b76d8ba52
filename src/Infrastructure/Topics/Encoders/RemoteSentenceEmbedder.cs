using System.ClientModel;
using System.ClientModel.Primitives;
using System.Numerics.Tensors;
using System.Text.Json;
using AIChat.Domain.Topics;
using Microsoft.Extensions.Logging;
using OpenAI;
using OpenAI.Embeddings;

namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>
/// Any server that speaks OpenAI's <c>/embeddings</c>. How long its vectors are, its first answer tells; until then there is no model. After a failure nobody waits for it for a while.
/// Asked for whatever model it has, each answer tells which that is.
/// </summary>
internal sealed class RemoteSentenceEmbedder : ISentenceEmbedder
{
    /// <summary>Texts of one request; larger lists are refused by some servers.</summary>
    private const int Batch = 64;

    private const int Tries = 4;

    /// <summary>Longer texts are cut: models read some hundred words at most.</summary>
    private const int MaxCharacters = 4_000;

    private const string Probe = "?";

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(20), AfterFailure = TimeSpan.FromSeconds(5);

    /// <summary>A caller who gives up sooner than this has other reasons than the server's slowness.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    private readonly string name;
    private readonly EmbeddingClient client;
    private readonly TimeProvider time;
    private readonly ILogger<RemoteSentenceEmbedder> log;
    private readonly Lock gate = new();
    private EmbeddingModel? model;
    private Task? probe;
    private long? failedAt;
    private string? trouble;

    public RemoteSentenceEmbedder(Uri address, string? key, string name, TimeProvider time, ILogger<RemoteSentenceEmbedder> log)
    {
        (this.name, this.time, this.log) = (name, time, log);
        var options = new OpenAIClientOptions { Endpoint = address, NetworkTimeout = AnswerTimeout, RetryPolicy = new ClientRetryPolicy(Tries - 1) };
        client = new EmbeddingClient(name, new ApiKeyCredential(key ?? "none"), options);
    }

    /// <summary>Asked for while it is unknown, it is found out in the background, now and then.</summary>
    public EmbeddingModel? Model
    {
        get
        {
            lock (gate)
            {
                if (model is null && !IsAway && probe is null or { IsCompleted: true })
                    probe = Task.Run(() => AskAsync([Probe], CancellationToken.None));
                return model;
            }
        }
    }

    public bool IsRemote => true;

    private bool IsAway => failedAt is { } at && time.GetElapsedTime(at) < AfterFailure;

    public async Task<SentenceVectors?> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        if (Model is not { } asked)
            return null;
        var vectors = new List<float[]>(texts.Count);
        foreach (var batch in texts.Chunk(Batch))
        {
            if (await AskAsync(batch, cancellation) is not { } some || some.Exists(vector => vector.Length != asked.Dimensions))
                return null;
            vectors.AddRange(some);
        }

        // A model that was changed in the middle has made some of them.
        return Model == asked ? new SentenceVectors(asked, vectors) : null;
    }

    /// <returns>Null: it did not answer, or with something else; the log says so.</returns>
    private async Task<List<float[]>?> AskAsync(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (IsAway)
                return null;
        }

        var started = time.GetTimestamp();
        try
        {
            var (vectors, answering) = await RequestAsync(texts, cancellation);
            lock (gate)
            {
                model = name == EmbeddingOptions.WhateverIsThere ? Named(answering, vectors[0].Length) : model ?? new EmbeddingModel(name, "remote", vectors[0].Length);
                (failedAt, trouble) = (null, null);
            }

            return vectors;
        }
        catch (ClientResultException refused) when (refused.Status is 400 or 413 or 422 && model is not null && texts is not [Probe])
        {
            return await WithoutTheRefusedAsync(texts, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            if (time.GetElapsedTime(started) > Slow)
                Failed("it is too slow");
            throw;
        }
        catch (Exception failure) when (failure is ClientResultException or HttpRequestException or IOException or AggregateException or OperationCanceledException or FormatException or JsonException)
        {
            Failed(failure is ClientResultException { Status: > 0 } refused ? $"status {refused.Status}" : failure is JsonException or FormatException ? "its answer is not what was asked for" : failure.GetType().Name);
            return null;
        }
    }

    /// <summary>Some text among these is one that the server will never take. It gets a vector that is like no other, so that it is not sent for ever.</summary>
    private async Task<List<float[]>?> WithoutTheRefusedAsync(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        if (texts.Count == 1)
            return await AskAsync([Probe], cancellation) is [var taken] ? [new float[taken.Length]] : null;
        var half = texts.Count / 2;
        if (await AskAsync([.. texts.Take(half)], cancellation) is not { } first || await AskAsync([.. texts.Skip(half)], cancellation) is not { } second)
            return null;
        return [.. first, .. second];
    }

    private void Failed(string why)
    {
        lock (gate)
        {
            failedAt = time.GetTimestamp();
            if (trouble == why)
                return;
            trouble = why;
        }

        log.LogWarning("{Variable} makes no sentence vectors, and messages are filed by their words: {Why}", name == EmbeddingOptions.WhateverIsThere ? "MODEL_SERVER_URL" : "EMBEDDING_URL", why);
    }

    /// <summary>Asked without the package's own shape: that wants base64, which many servers do not know.</summary>
    private async Task<(List<float[]> Vectors, string Model)> RequestAsync(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        using var content = BinaryContent.CreateJson(new Dictionary<string, object> { ["model"] = name, ["input"] = texts.Select(Cut) });
        var answer = await client.GenerateEmbeddingsAsync(content, new RequestOptions { CancellationToken = cancellation });
        using var json = JsonDocument.Parse(answer.GetRawResponse().Content);
        var vectors = new float[texts.Count][];
        if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array)
            throw new FormatException();
        foreach (var one in data.EnumerateArray())
        {
            if (one.ValueKind != JsonValueKind.Object || !one.TryGetProperty("index", out var place) || !place.TryGetInt32(out var at) || at < 0 || at >= vectors.Length || vectors[at] is not null || !one.TryGetProperty("embedding", out var numbers))
                throw new FormatException();
            vectors[at] = Unit(numbers);
        }

        if (!Array.TrueForAll(vectors, vector => vector is not null && vector.Length == vectors[0].Length))
            throw new FormatException();
        return ([.. vectors], json.RootElement.TryGetProperty("model", out var answering) && answering.ValueKind == JsonValueKind.String ? answering.GetString()! : name);
    }

    private static EmbeddingModel Named(string answering, int dimensions)
        => answering.LastIndexOf('@') is > 0 and var at ? new EmbeddingModel(answering[..at], answering[(at + 1)..], dimensions) : new EmbeddingModel(answering, "remote", dimensions);

    private static float[] Unit(JsonElement numbers)
    {
        if (numbers.ValueKind != JsonValueKind.Array || numbers.GetArrayLength() == 0 || numbers.EnumerateArray().Any(number => number.ValueKind != JsonValueKind.Number))
            throw new FormatException();
        float[] vector = [.. numbers.EnumerateArray().Select(number => number.GetSingle())];
        if (!Array.TrueForAll(vector, float.IsFinite))
            throw new FormatException();
        TensorPrimitives.Divide(vector, Math.Max(1e-12f, TensorPrimitives.Norm(vector)), vector);
        return vector;
    }

    /// <summary>Servers refuse an empty text.</summary>
    private static string Cut(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return ".";
        if (text.Length <= MaxCharacters)
            return text;
        return text[..(char.IsHighSurrogate(text[MaxCharacters - 1]) ? MaxCharacters - 1 : MaxCharacters)];
    }
}
