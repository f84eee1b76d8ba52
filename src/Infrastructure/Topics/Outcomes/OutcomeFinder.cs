using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Linking;
using AIChat.Infrastructure.Topics.Naming;
using AIChat.Infrastructure.Topics.Quotes;

namespace AIChat.Infrastructure.Topics.Outcomes;

/// <summary>
/// Quotes the one or two lines of a conversation that most likely say what came of it, by a logistic regression over <see cref="OutcomeFeatures"/>. docs/summaries.md has its precision and recall.
/// </summary>
internal sealed class OutcomeFinder : IOutcomeFinder
{
    /// <summary>A conversation of fewer lines has come to nothing yet.</summary>
    public const int FewestLines = 3;

    /// <summary>Lines that are quoted at most; the second only from this probability on.</summary>
    private const int MostLines = 2;
    private const float SecondFrom = 0.3f;

    /// <summary>Letters of one quote, and of two together; nicknames aside.</summary>
    private const int LongestQuote = 100;
    private const int LongestText = 120;

    private readonly float[] _weights;

    public OutcomeFinder()
    {
        using var stream = typeof(OutcomeFinder).Assembly.GetManifestResourceStream("AIChat.Infrastructure.Topics.Outcomes.weights.txt")!;
        using var reader = new StreamReader(stream);
        _weights = Read(reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <param name="weights">By <see cref="OutcomeFeature"/>.</param>
    public OutcomeFinder(float[] weights) => _weights = weights;

    /// <summary>Reads weights as <see cref="FeatureWeights"/> does.</summary>
    public static float[] Read(IEnumerable<string> lines) => [.. FeatureWeights.Read<OutcomeFeature>(lines).Select(weight => (float)weight)];

    public FoundOutcome? Find(IReadOnlyList<ChatLine> lines)
    {
        var chosen = Choose(lines);
        if (chosen.Count == 0)
            return null;
        var masked = PrivateText.Masked(lines);
        var lengths = chosen.ConvertAll(line => lines[line].Content.Length);
        var quotes = chosen.Select((line, i) => Quote(masked[line], Math.Clamp(LongestText - (lengths.Sum() - lengths[i]), LongestText / MostLines, LongestQuote)));
        return new FoundOutcome(string.Join(" · ", quotes), chosen);
    }

    /// <summary>Indices of the chosen lines, ascending.</summary>
    public List<int> Choose(IReadOnlyList<ChatLine> lines)
    {
        if (lines.Count < FewestLines)
            return [];
        var probabilities = Probabilities(lines);
        return
        [
            .. Enumerable.Range(0, lines.Count)
                .Where(i => MayTell(lines[i]))
                .OrderByDescending(i => probabilities[i])
                .Take(MostLines)
                .Where((i, rank) => rank == 0 || probabilities[i] >= SecondFrom)
                .Order(),
        ];
    }

    /// <summary>Whether a line may say what came of its conversation: a person wrote it, and it is more than filler.</summary>
    public static bool MayTell(ChatLine line) => !line.IsSystem && !FillerDetector.IsNothingAlone(line.Content);

    /// <summary>How likely it is that each line says what came of the conversation, from 0 to 1.</summary>
    public float[] Probabilities(IReadOnlyList<ChatLine> lines)
    {
        var rows = OutcomeFeatures.Of(lines);
        return [.. Enumerable.Range(0, lines.Count).Select(i => Probability(rows.AsSpan(i * OutcomeFeatures.Count, OutcomeFeatures.Count)))];
    }

    private float Probability(ReadOnlySpan<float> row)
    {
        var odds = 0f;
        for (var i = 0; i < row.Length; i++)
            odds += row[i] * _weights[i];
        return 1 / (1 + MathF.Exp(-odds));
    }

    /// <summary>The line as it is quoted, under its speaker's nickname.</summary>
    /// <param name="line">With what is private masked.</param>
    /// <param name="longest">Letters of the text at most.</param>
    public static string Quote(ChatLine line, int longest = LongestQuote)
    {
        var text = Text.Shortened(Interjections.Trimmed(PlainText.Clean(line.Content)), longest);
        var nickname = PlainText.Clean(line.Nickname);
        return nickname.Length == 0 ? text : $"{nickname}: {text}";
    }
}
