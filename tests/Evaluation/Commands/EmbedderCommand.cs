using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using AIChat.Evaluation.Scoring;
using AIChat.Infrastructure.Topics;

namespace AIChat.Evaluation.Commands;

/// <summary>How well the similarity of two vectors follows people's of two Korean sentences.</summary>
internal static class EmbedderCommand
{
    public static Command Create()
    {
        var data = Options.Data();
        var command = new Command("embedder", "Scores sentence similarity on KorSTS dev.") { data };
        command.SetAction((result, cancellation) => RunAsync(Path.Combine(result.GetRequiredValue(data).FullName, "korsts/sts-dev.tsv"), cancellation));
        return command;
    }

    private static async Task RunAsync(string path, CancellationToken cancellation)
    {
        var rows = File.ReadLines(path).Skip(1).Select(line => line.Split('\t')).Where(cells => cells.Length >= 7).ToList();
        var gold = rows.ConvertAll(cells => double.Parse(cells[4], CultureInfo.InvariantCulture));
        var texts = rows.SelectMany(cells => new[] { cells[5], cells[6] }).ToList();
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
            KorSTS dev, {rows.Count} pairs: Spearman {Agreement(raw):F2} raw, {Agreement(weighed):F2} with the sentences' own IDF
            {each:F1} µs and {packed.Average(vector => vector.Length):F0} bytes a sentence
            """;
        Console.WriteLine(said.ToString(CultureInfo.InvariantCulture));
    }
}
