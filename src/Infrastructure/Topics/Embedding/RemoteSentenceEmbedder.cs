using System.ClientModel;
using System.ClientModel.Primitives;
using System.Numerics.Tensors;
using AIChat.Domain.Topics;
using Microsoft.Extensions.Logging;
using OpenAI;
using OpenAI.Embeddings;

namespace AIChat.Infrastructure.Topics.Embedding;

/// <summary>Any server that speaks OpenAI's <c>/embeddings</c>. How long its vectors are, its first answer tells; until then there is no model.</summary>
internal sealed class RemoteSentenceEmbedder : ISentenceEmbedder
{
    /// <summary>Texts of one request; larger lists are refused by some servers.</summary>
    private const int Batch = 64;

    private const int Tries = 4;

    /// <summary>Longer texts are cut: models read some hundred words at most.</summary>
    private const int MaxCharacters = 4_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20), BetweenProbes = TimeSpan.FromSeconds(10);

    private readonly string name;
    private readonly EmbeddingClient client;
    private readonly TimeProvider time;
    private readonly ILogger<RemoteSentenceEmbedder> log;
    private readonly Lock gate = new();
    private EmbeddingModel? model;
    private Task? probe;
    private long? probedAt;

    public RemoteSentenceEmbedder(Uri address, string? key, string name, TimeProvider time, ILogger<RemoteSentenceEmbedder> log)
    {
        (this.name, this.time, this.log) = (name, time, log);
        var options = new OpenAIClientOptions { Endpoint = address, NetworkTimeout = Patience, RetryPolicy = new ClientRetryPolicy(Tries - 1) };
        client = new EmbeddingClient(name, new ApiKeyCredential(key ?? "none"), options);
    }

    /// <summary>Asked for while it is unknown, it is found out in the background, now and then.</summary>
    public EmbeddingModel? Model
    {
        get
        {
            lock (gate)
            {
                if (model is null && probe is null or { IsCompleted: true } && (probedAt is not { } at || time.GetElapsedTime(at) > BetweenProbes))
                {
                    probedAt = time.GetTimestamp();
                    probe = Task.Run(() => AskAsync(["?"], CancellationToken.None));
                }

                return model;
            }
        }
    }

    public bool SendsElsewhere => true;

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

        return new SentenceVectors(asked, vectors);
    }

    /// <returns>Null: it did not answer, or with something else; the log says so.</returns>
    private async Task<List<float[]>?> AskAsync(string[] texts, CancellationToken cancellation)
    {
        try
        {
            var answer = await client.GenerateEmbeddingsAsync([.. texts.Select(Cut)], cancellationToken: cancellation);
            var vectors = answer.Value.OrderBy(one => one.Index).Select(one => one.ToFloats().ToArray()).ToList();
            if (vectors.Count != texts.Length || vectors.Exists(vector => vector.Length == 0 || vector.Length != vectors[0].Length || !Array.TrueForAll(vector, float.IsFinite)))
            {
                log.LogWarning("EMBEDDING_URL answered {Asked} texts with {Count} vectors, or with some that cannot be used", texts.Length, vectors.Count);
                return null;
            }

            foreach (var vector in vectors)
                TensorPrimitives.Divide(vector, Math.Max(1e-12f, TensorPrimitives.Norm(vector)), vector);
            lock (gate)
                model ??= new EmbeddingModel(name, "remote", vectors[0].Length);
            return vectors;
        }
        catch (Exception failure) when (failure is ClientResultException or HttpRequestException or AggregateException or TaskCanceledException or FormatException or System.Text.Json.JsonException or InvalidOperationException or KeyNotFoundException
            && !cancellation.IsCancellationRequested)
        {
            log.LogWarning("EMBEDDING_URL does not answer, and messages are filed by their words: {Why}", failure is ClientResultException refused ? $"status {refused.Status}" : failure.GetType().Name);
            return null;
        }
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
