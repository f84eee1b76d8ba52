using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Encoders;
using AIChat.Infrastructure.Topics.Tensors;

namespace AIChat.Evaluation;

/// <summary>Adds sentence embeddings to lines; each text is encoded once.</summary>
internal sealed class LineEmbeddings(string folder, Precision precision = Precision.Measured) : IDisposable
{
    private readonly Dictionary<string, float[]> _known = new(StringComparer.Ordinal);
    private readonly SentenceEncoder _encoder = SentenceEncoder.Load(folder, precision);

    public string Choice => $"{Path.GetFileName(folder.TrimEnd('/'))}: {_encoder.Choice}";

    public void Dispose() => _encoder.Dispose();

    /// <param name="lines">The lines.</param>
    /// <param name="from">Lines before this one get no embedding.</param>
    public IReadOnlyList<ChatLine> Fill(IReadOnlyList<ChatLine> lines, int from = 0)
    {
        Learn(lines.Skip(from).Where(Tells).Select(line => line.Content));
        return [.. lines.Select((line, i) => i >= from && Tells(line) ? line with { Embedding = _known[line.Content] } : line)];
    }

    public IEnumerable<float[]?> Of(IReadOnlyList<string> texts)
    {
        Learn(texts);
        return texts.Select(text => _known[text]);
    }

    private void Learn(IEnumerable<string> texts)
    {
        var missing = texts.Where(text => !_known.ContainsKey(text)).Distinct(StringComparer.Ordinal).ToList();
        foreach (var (text, vector) in missing.Zip(_encoder.Encode(missing)))
            _known[text] = vector;
    }

    private static bool Tells(ChatLine line) => !line.IsSystem && !string.IsNullOrWhiteSpace(line.Content);
}
