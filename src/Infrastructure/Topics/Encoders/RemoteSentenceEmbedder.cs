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
/// Embeds with a server that has OpenAI's <c>/embeddings</c>. The model is unknown until the first answer, which gives the number of dimensions. After a failure no request
/// is sent for a while. Where the server chooses the model, each answer reports which one.
/// </summary>
internal sealed class RemoteSentenceEmbedder : ISentenceEmbedder
{
    /// <summary>Texts of one request; larger lists are refused by some servers.</summary>
    private const int Batch = 64;

    private const int Tries = 4;

    /// <summary>Longer texts are cut; models read a few hundred words at most.</summary>
    private const int MaxCharacters = 4_000;

    private const string Probe = "?";

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(20), AfterFailure = TimeSpan.FromSeconds(5);

    /// <summary>A cancellation after less time than this does not count as slowness of the server.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    private readonly string _name;
    private readonly EmbeddingClient _client;
    private readonly TimeProvider _time;
    private readonly ILogger<RemoteSentenceEmbedder> _log;
    private readonly Lock _gate = new();
    private EmbeddingModel? _model;
    private Task? _probe;
    private long? _failedAt;
    private string? _failure;

    public RemoteSentenceEmbedder(Uri address, string? key, string name, TimeProvider time, ILogger<RemoteSentenceEmbedder> log)
    {
        (_name, _time, _log) = (name, time, log);
        var options = new OpenAIClientOptions { Endpoint = address, NetworkTimeout = AnswerTimeout, RetryPolicy = new ClientRetryPolicy(Tries - 1) };
        _client = new EmbeddingClient(name, new ApiKeyCredential(key ?? "none"), options);
    }

    public bool IsRemote => true;

    public EmbeddingModel? FindModel()
    {
        lock (_gate)
        {
            if (_model is null && !IsPaused && _probe is null or { IsCompleted: true })
                _probe = Task.Run(() => AskAsync([Probe], CancellationToken.None));
            return _model;
        }
    }

    private bool IsPaused => _failedAt is { } at && _time.GetElapsedTime(at) < AfterFailure;

    public async Task<SentenceVectors?> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        if (FindModel() is not { } expected)
            return null;
        var vectors = new List<float[]>(texts.Count);
        foreach (var batch in texts.Chunk(Batch))
        {
            if (await AskAsync(batch, cancellation) is not { } some || some.Exists(vector => vector.Length != expected.Dimensions))
                return null;
            vectors.AddRange(some);
        }

        // If the server changed its model between batches, the vectors are of two models.
        return FindModel() == expected ? new SentenceVectors(expected, vectors) : null;
    }

    /// <returns>Null: there is no valid answer; the log says why.</returns>
    private async Task<List<float[]>?> AskAsync(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (IsPaused)
                return null;
        }

        var started = _time.GetTimestamp();
        try
        {
            var (vectors, answering) = await RequestAsync(texts, cancellation);
            lock (_gate)
            {
                _model = _name == EmbeddingOptions.WhateverIsThere ? Named(answering, vectors[0].Length) : _model ?? new EmbeddingModel(_name, "remote", vectors[0].Length);
                (_failedAt, _failure) = (null, null);
            }

            return vectors;
        }
        catch (ClientResultException refused) when (refused.Status is 400 or 413 or 422 && _model is not null && texts is not [Probe])
        {
            return await WithoutTheRefusedAsync(texts, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            if (_time.GetElapsedTime(started) > Slow)
                Fail("it is too slow");
            throw;
        }
        catch (Exception failure) when (failure is ClientResultException or HttpRequestException or IOException or AggregateException or OperationCanceledException or FormatException or JsonException)
        {
            Fail(failure is ClientResultException { Status: > 0 } refused ? $"status {refused.Status}" : failure is JsonException or FormatException ? "its answer is not what was asked for" : failure.GetType().Name);
            return null;
        }
    }

    /// <summary>Finds the text that the server refuses by halving. It gets the zero vector, which is similar to nothing, so that it is not sent again and again.</summary>
    private async Task<List<float[]>?> WithoutTheRefusedAsync(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        if (texts.Count == 1)
            return await AskAsync([Probe], cancellation) is [var taken] ? [new float[taken.Length]] : null;
        var half = texts.Count / 2;
        if (await AskAsync([.. texts.Take(half)], cancellation) is not { } first || await AskAsync([.. texts.Skip(half)], cancellation) is not { } second)
            return null;
        return [.. first, .. second];
    }

    private void Fail(string why)
    {
        lock (_gate)
        {
            _failedAt = _time.GetTimestamp();
            if (_failure == why)
                return;
            _failure = why;
        }

        _log.LogWarning("{Variable} makes no sentence vectors, and messages are filed by their words: {Why}", _name == EmbeddingOptions.WhateverIsThere ? "MODEL_SERVER_URL" : "EMBEDDING_URL", why);
    }

    /// <summary>Sends a plain body, because the package's own asks for base64, which many servers do not support.</summary>
    private async Task<(List<float[]> Vectors, string Model)> RequestAsync(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        using var content = BinaryContent.CreateJson(new Dictionary<string, object> { ["model"] = _name, ["input"] = texts.Select(Cut) });
        var answer = await _client.GenerateEmbeddingsAsync(content, new RequestOptions { CancellationToken = cancellation });
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
        return ([.. vectors], json.RootElement.TryGetProperty("model", out var answering) && answering.ValueKind == JsonValueKind.String ? answering.GetString()! : _name);
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

    /// <summary>The text as it is sent: cut, and never empty, because servers refuse an empty text.</summary>
    private static string Cut(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return ".";
        if (text.Length <= MaxCharacters)
            return text;
        return text[..(char.IsHighSurrogate(text[MaxCharacters - 1]) ? MaxCharacters - 1 : MaxCharacters)];
    }
}
