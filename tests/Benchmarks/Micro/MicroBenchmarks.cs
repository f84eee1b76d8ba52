using AIChat.Domain.Topics;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;

namespace AIChat.Benchmarks.Micro;

/// <summary>Embedding, linking and classifying alone, without server or store.</summary>
[MemoryDiagnoser]
public class MicroBenchmarks
{
    const int Lines = 1000;
    const int Batch = 100;
    List<ChatLine> _lines = [];
    string[] _texts = [];
    IMessageEmbedder _embedder = null!;
    ILinkerFactory _linkers = null!;
    IConversationClassifier _classifier = null!;

    [GlobalSetup]
    public async Task PrepareAsync()
    {
        _embedder = Engines.Services.GetRequiredService<IMessageEmbedder>();
        _linkers = Engines.Services.GetRequiredService<ILinkerFactory>();
        _classifier = Engines.Services.GetRequiredService<IConversationClassifier>();
        var lines = SampleRoom.Lines(Lines);
        _texts = [.. lines.Take(Batch).Select(line => line.Content)];
        var embeddings = await _embedder.EmbedAsync([.. lines.Select(line => line.Content)], CancellationToken.None);
        _lines = [.. lines.Select((line, i) => line with { NgramProfile = embeddings[i] })];
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public async Task<int> EmbedOneOfABatch() => (await _embedder.EmbedAsync(_texts, CancellationToken.None)).Count;

    [Benchmark(OperationsPerInvoke = Lines)]
    public int LinkALine()
    {
        var linker = _linkers.Start();
        var conversations = 0;
        foreach (var line in _lines)
            conversations = Math.Max(conversations, linker.Link(line).Conversation);
        return conversations;
    }

    [Benchmark(OperationsPerInvoke = Lines)]
    public async Task<int> ClassifyALineOfAWindow() =>
        (await _classifier.ClassifyAsync(_lines, ClassificationMode.Full, null, CancellationToken.None)).High.Count;
}
