using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using AIChat.Evaluation.Scoring;
using AIChat.Infrastructure.Topics.Encoders;
using AIChat.Infrastructure.Topics.Ngrams;
using AIChat.Infrastructure.Topics.Tensors;

namespace AIChat.Evaluation.Commands;

/// <summary>Correlates the similarity of two vectors with people's ratings of two Korean sentences.</summary>
internal static class EmbedderCommand
{
    public static Command Create()
    {
        var data = Options.Data();
        var model = new Option<DirectoryInfo?>("--model") { Description = "A sentence encoder's folder; left out: character n-grams." };
        var precision = new Option<Precision>("--precision") { Description = "What the encoder counts with." };
        var command = new Command("embedder", "Scores sentence similarity on KorSTS dev.") { data, model, precision };
        command.SetAction((result, cancellation) =>
        {
            var (texts, gold) = Pairs(Path.Combine(result.GetRequiredValue(data).FullName, "korsts/sts-dev.tsv"));
            return result.GetValue(model) is { } folder ? EncodeAsync(folder.FullName, result.GetValue(precision), texts, gold, cancellation) : CountAsync(texts, gold, cancellation);
        });
        return command;
    }

    private static (List<string> Texts, List<double> Gold) Pairs(string path)
    {
        var rows = File.ReadLines(path).Skip(1).Select(line => line.Split('\t')).Where(cells => cells.Length >= 7).ToList();
        return ([.. rows.SelectMany(cells => new[] { cells[5], cells[6] })], rows.ConvertAll(cells => double.Parse(cells[4], CultureInfo.InvariantCulture)));
    }

    private static Task EncodeAsync(string folder, Precision precision, List<string> texts, List<double> gold, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        using var encoder = SentenceEncoder.Load(folder, precision);
        var loaded = clock.Elapsed.TotalMilliseconds;
        clock.Restart();
        var vectors = encoder.Encode(texts, cancellation: cancellation);
        var each = clock.Elapsed.TotalMilliseconds / texts.Count;
        var found = gold.Select((_, at) => (double)TensorPrimitives.CosineSimilarity(vectors[2 * at], vectors[(2 * at) + 1]));
        FormattableString said = $"""
            KorSTS dev, {gold.Count} pairs: Spearman {100 * Spearman.Of(gold, [.. found]):F2}
            {encoder.Choice}; loaded in {loaded:F0} ms; {each:F2} ms a sentence, one thread
            """;
        Console.WriteLine(said.ToString(CultureInfo.InvariantCulture));
        return Task.CompletedTask;
    }

    private static async Task CountAsync(List<string> texts, List<double> gold, CancellationToken cancellation)
    {
        var embedder = new NgramEmbedder();
        await embedder.EmbedAsync(texts, cancellation);
        var clock = Stopwatch.StartNew();
        var packed = await embedder.EmbedAsync(texts, cancellation);
        var each = clock.Elapsed.TotalMicroseconds / texts.Count;
        var (raw, weighed) = (new NgramSpace(), new NgramSpace());
        foreach (var vector in packed)
            weighed.Add(vector);
        double Agreement(NgramSpace space) => 100 * Spearman.Of(gold, [.. gold.Select((_, at) => (double)space.Weigh(packed[2 * at]).Cosine(space.Weigh(packed[(2 * at) + 1])))]);
        FormattableString said = $"""
            KorSTS dev, {gold.Count} pairs: Spearman {Agreement(raw):F2} raw, {Agreement(weighed):F2} with the sentences' own IDF
            {each:F1} µs and {packed.Average(vector => vector.Length):F0} bytes a sentence
            """;
        Console.WriteLine(said.ToString(CultureInfo.InvariantCulture));
    }
}
