using System.Collections.Concurrent;
using AIChat.Application.Common;
using AIChat.Domain.Common;
using AIChat.Infrastructure.Topics.Encoders;
using Microsoft.Extensions.Logging.Abstractions;

namespace AIChat.Infrastructure.Tests.Topics.Encoders;

/// <summary>Callers that come while the model is being loaded.</summary>
public sealed class LoadingEncoderTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly Library _library = new();

    [Fact]
    public async Task They_wait_until_it_is_loaded()
    {
        await using var embedder = await StartAsync("tiny");
        var waiting = embedder.WaitForModelAsync(Long, default);
        Assert.Null(embedder.FindModel());
        Assert.False(waiting.IsCompleted);
        _library.Opened.Add(new Encoder());
        Assert.Equal("tiny", (await waiting)!.Name);
        Assert.Single((await embedder.EmbedAsync(["x"], default))!.Vectors);
    }

    [Fact]
    public async Task They_do_not_wait_longer_than_they_want_or_after_they_gave_up()
    {
        await using var embedder = await StartAsync("tiny");
        Assert.Null(await embedder.WaitForModelAsync(TimeSpan.FromMilliseconds(20), default));
        using var given = new CancellationTokenSource();
        var waiting = embedder.WaitForModelAsync(Long, given.Token);
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _library.Opened.Add(ModelErrors.Unusable("no."));
    }

    [Fact]
    public async Task They_do_not_wait_for_one_that_cannot_be_loaded()
    {
        await using var embedder = await StartAsync("tiny");
        var waiting = embedder.WaitForModelAsync(Long, default);
        _library.Opened.Add(ModelErrors.Unusable("no."));
        Assert.Null(await waiting.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Null(await embedder.WaitForModelAsync(Long, default).WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task They_do_not_wait_for_one_that_is_fetched()
    {
        await using var embedder = await StartAsync("someone/some-model");
        var waiting = embedder.WaitForModelAsync(Long, default);
        _library.Opened.Add(ModelErrors.NotPulled("someone/some-model"));
        Assert.Null(await waiting.WaitAsync(TimeSpan.FromSeconds(30)));
        await embedder.StopAsync(default);
    }

    private async Task<LocalSentenceEmbedder> StartAsync(string model)
    {
        var embedder = new LocalSentenceEmbedder(model, 1, null, _library, TimeProvider.System, NullLogger<LocalSentenceEmbedder>.Instance);
        await embedder.StartAsync(default);
        return embedder;
    }

    private sealed class Library : IModelLibrary
    {
        public BlockingCollection<Result<ITextEncoder>> Opened { get; } = [];

        public Result<ITextEncoder> Open(string model, string? prompt, int threads = 0, string? device = null) => Opened.Take();

        public async Task<Result<KeptModel>> PullAsync(ModelName name, IProgress<PullProgress> progress, CancellationToken cancellation)
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            throw new NotSupportedException();
        }

        public IReadOnlyList<KeptModel> List() => [];

        public Task<Result<IReadOnlyList<string>>> VerifyAsync(ModelName name, CancellationToken cancellation) => throw new NotSupportedException();

        public Result<int> Remove(ModelName name) => throw new NotSupportedException();

        public Error? WhyNot(string folder) => null;
    }

    private sealed class Encoder : ITextEncoder
    {
        public string Name => "tiny";

        public string Revision => "0";

        public int Dimensions => 2;

        public string Choice => "none";

        public IReadOnlyList<float[]> Encode(IReadOnlyList<string> texts, CancellationToken cancellation) => [.. texts.Select(_ => new float[] { 1, 0 })];

        public void Dispose()
        {
        }
    }
}
