using System.Globalization;
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
        _weights = Read(reader);
    }

    /// <param name="weights">By <see cref="OutcomeFeature"/>.</param>
    public OutcomeFinder(float[] weights) => _weights = weights;

    /// <summary>The names of <see cref="OutcomeFeature"/> with their weights, one a line.</summary>
    public static float[] Read(TextReader reader)
    {
        var weights = new float[OutcomeFeatures.Count];
        while (reader.ReadLine() is { } line)
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            weights[(int)Enum.Parse<OutcomeFeature>(line[..space])] = float.Parse(line[(space + 1)..], CultureInfo.InvariantCulture);
        }

        return weights;
    }

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
        var rows = OutcomeFeatures.Of(lines);
        return
        [
            .. Enumerable.Range(0, lines.Count)
                .Where(i => !lines[i].IsSystem && !FillerDetector.IsNothingAlone(lines[i].Content))
                .Select(i => (Line: i, Probability: Probability(rows.AsSpan(i * OutcomeFeatures.Count, OutcomeFeatures.Count))))
                .OrderByDescending(each => each.Probability)
                .Take(MostLines)
                .Where((each, rank) => rank == 0 || each.Probability >= SecondFrom)
                .Select(each => each.Line)
                .Order(),
        ];
    }

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
        var text = Interjections.Trimmed(PlainText.Clean(line.Content));
        if (text.Length > longest)
        {
            var space = text.LastIndexOf(' ', longest - 1);
            var end = space > longest / 2 ? space : longest - 1;
            text = text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)].TrimEnd() + "…";
        }

        var nickname = PlainText.Clean(line.Nickname);
        return nickname.Length == 0 ? text : $"{nickname}: {text}";
    }
}
