using System.Numerics.Tensors;
using AIChat.Application.Common;
using AIChat.Domain.Topics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>
/// A sentence encoder in this process. It is fetched, where it has to be, and loaded while the server serves already; until then there is no model. What cannot be had now is tried
/// again later.
/// </summary>
/// <param name="model">The name of one that is kept or can be fetched, or a folder.</param>
/// <param name="threads">Threads of one pass; 0: as many as there are processors.</param>
/// <param name="device">Where passes are made; null: on the processor.</param>
/// <param name="library">Where models are.</param>
/// <param name="time">Spaces the tries.</param>
/// <param name="log">Told what is loaded, or why not.</param>
internal sealed class LocalSentenceEmbedder(string model, int threads, string? device, IModelLibrary library, TimeProvider time, ILogger<LocalSentenceEmbedder> log)
    : BackgroundService, ISentenceEmbedder, IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10), LongestPause = TimeSpan.FromMinutes(30);

    private SharedEncoder? encoder;

    public EmbeddingModel? Model { get; private set; }

    public bool IsRemote => false;

    public async Task<SentenceVectors?> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        if (Model is not { } loaded || encoder is not { } shared)
            return null;
        try
        {
            var vectors = await shared.EncodeAsync(texts, cancellation);
            return new SentenceVectors(loaded, [.. vectors.Select(Unit)]);
        }
#pragma warning disable CA1031 // whatever a model trips over, filing goes on by words
        catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
        {
            log.LogError(failure, "The model {Model} could not embed {Count} texts", loaded.Key, texts.Count);
            return null;
        }
    }

    /// <summary>Once for each of the services as which the container knows it.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        if (Interlocked.Exchange(ref encoder, null) is { } shared)
            await shared.DisposeAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Whoever starts the server does not wait for this.
        await Task.Yield();
        for (var pause = FirstPause; !await LoadAsync(stoppingToken); pause = pause < LongestPause ? 2 * pause : LongestPause)
            await Task.Delay(pause, time, stoppingToken);
    }

    internal static float[] Unit(float[] vector)
    {
        var length = TensorPrimitives.Norm(vector);
        if (length > 0)
            TensorPrimitives.Divide(vector, length, vector);
        return vector;
    }

    private async Task<bool> LoadAsync(CancellationToken stopping)
    {
        var opened = library.Open(model, null, threads, device);
        if (!opened.Succeeded(out var loaded, out var refusal) && refusal.Kind == ErrorKind.NotFound && ModelName.Parse(model) is { } name)
        {
            log.LogInformation("The model {Model} is being fetched; until it is here, messages are filed by their words", model);
            var pulled = await library.PullAsync(name, new Progress<PullProgress>(), stopping);
            opened = pulled.Succeeded(out _, out var failure) ? library.Open(model, null, threads, device) : failure;
        }

        if (!opened.Succeeded(out loaded, out refusal))
        {
            log.LogWarning("The model {Model} is not loaded, and messages are filed by their words: {Why}", model, refusal.Message);
            return false;
        }

        encoder = new SharedEncoder(loaded);
        Model = new EmbeddingModel(loaded.Name, loaded.Revision, loaded.Dimensions);
        log.LogInformation("The model {Model} is loaded: {Choice}", Model.Key, loaded.Choice);
        return true;
    }
}
