using System.Numerics.Tensors;
using AIChat.Application.Common;
using AIChat.Domain.Topics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>
/// A sentence encoder in this process. It is fetched if necessary and loaded while the server already serves; until then there is no model. Failures are retried with
/// growing pauses.
/// </summary>
/// <param name="model">Name of a model, which is fetched where it is missing, or a folder.</param>
/// <param name="threads">Threads of one forward pass; 0: one for each processor.</param>
/// <param name="device">Device of the forward passes; null: <c>cpu</c>.</param>
/// <param name="library">The local models.</param>
/// <param name="time">For the pauses.</param>
/// <param name="log">Reports what is loaded, or why not.</param>
internal sealed class LocalSentenceEmbedder(string model, int threads, string? device, IModelLibrary library, TimeProvider time, ILogger<LocalSentenceEmbedder> log)
    : BackgroundService, ISentenceEmbedder, IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10), LongestPause = TimeSpan.FromMinutes(30);

    /// <summary>Completed when the first attempt to load has ended, or goes on to fetch the model.</summary>
    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SharedEncoder? _encoder;
    private EmbeddingModel? _model;

    public bool IsRemote => false;

    public EmbeddingModel? FindModel() => _model;

    public async Task<EmbeddingModel?> WaitForModelAsync(TimeSpan limit, CancellationToken cancellation)
    {
        try
        {
            await _tried.Task.WaitAsync(limit, time, cancellation);
        }
        catch (TimeoutException)
        {
            log.LogWarning("The model {Model} has not been loaded within {Seconds} s; messages are compared by their words", model, limit.TotalSeconds);
        }

        return _model;
    }

    public async Task<SentenceVectors?> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        if (_model is not { } loaded || _encoder is not { } shared)
            return null;
        try
        {
            var vectors = await shared.EncodeAsync(texts, cancellation);
            return new SentenceVectors(loaded, [.. vectors.Select(Unit)]);
        }
#pragma warning disable CA1031 // whatever fails in a model, classification goes on with n-grams
        catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
        {
            log.LogError(failure, "The model {Model} could not embed {Count} texts", loaded.Key, texts.Count);
            return null;
        }
    }

    /// <summary>Idempotent, because the container disposes the object once for each service that it is registered as.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        if (Interlocked.Exchange(ref _encoder, null) is { } shared)
            await shared.DisposeAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The start of the server does not wait for the model.
        await Task.Yield();
        try
        {
            for (var pause = FirstPause; !await LoadAsync(stoppingToken); pause = pause < LongestPause ? 2 * pause : LongestPause)
            {
                _tried.TrySetResult();
                await Task.Delay(pause, time, stoppingToken);
            }
        }
        finally
        {
            _tried.TrySetResult();
        }
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
            _tried.TrySetResult();
            log.LogInformation("The model {Model} is being fetched; until it is here, messages are filed by their words", model);
            var pulled = await library.PullAsync(name, new Progress<PullProgress>(), stopping);
            opened = pulled.Succeeded(out _, out var failure) ? library.Open(model, null, threads, device) : failure;
        }

        if (!opened.Succeeded(out loaded, out refusal))
        {
            log.LogWarning("The model {Model} is not loaded, and messages are filed by their words: {Why}", model, refusal.Message);
            return false;
        }

        _encoder = new SharedEncoder(loaded);
        _model = new EmbeddingModel(loaded.Name, loaded.Revision, loaded.Dimensions);
        log.LogInformation("The model {Model} is loaded: {Choice}", _model.Key, loaded.Choice);
        return true;
    }
}
