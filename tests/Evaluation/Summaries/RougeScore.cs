using AIChat.Domain.Common;
using AIChat.Infrastructure.Topics.Naming;

namespace AIChat.Evaluation.Summaries;

/// <summary>
/// ROUGE-1, -2 and -L F1 (Lin 2004) with the tokens of Google's rouge_score: runs of a–z and 0–9 in lower case, words of more than three letters stemmed
/// by Porter. A Korean token is an eojeol without its particles, as far as one of two syllables is left. ROUGE-L takes the whole summary as one sequence.
/// </summary>
internal readonly record struct RougeScore(double One, double Two, double L)
{
    public static RougeScore Of(string candidate, string reference)
    {
        var (hypothesis, truth) = (Tokens(candidate), Tokens(reference));
        return new RougeScore(Overlap(hypothesis, truth, 1), Overlap(hypothesis, truth, 2), F1(LongestCommon(hypothesis, truth), hypothesis.Length, truth.Length));
    }

    public static RougeScore Mean(IReadOnlyCollection<RougeScore> scores) => new(scores.Average(s => s.One), scores.Average(s => s.Two), scores.Average(s => s.L));

    internal static string[] Tokens(string text)
    {
        var spaced = Text.Composed(text).ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || Hangul.IsSyllable(c) ? c : ' ').ToArray();
        return [.. new string(spaced).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => Hangul.Contains(word) ? WithoutParticles(word) : word.Length > 3 ? PorterStemmer.Stem(word) : word)];
    }

    private static string WithoutParticles(string word) => Particles.Endings(word).Where(length => word.Length - length > 1).Select(length => word[..^length]).FirstOrDefault(word);

    private static double Overlap(string[] hypothesis, string[] truth, int n)
    {
        var (mine, theirs) = (Grams(hypothesis, n), Grams(truth, n));
        var common = mine.Sum(gram => Math.Min(gram.Value, theirs.GetValueOrDefault(gram.Key)));
        return F1(common, hypothesis.Length - n + 1, truth.Length - n + 1);
    }

    private static Dictionary<string, int> Grams(string[] tokens, int n)
    {
        Dictionary<string, int> grams = new(StringComparer.Ordinal);
        for (var i = 0; i + n <= tokens.Length; i++)
        {
            var gram = string.Join(' ', tokens[i..(i + n)]);
            grams[gram] = grams.GetValueOrDefault(gram) + 1;
        }
        return grams;
    }

    private static int LongestCommon(string[] a, string[] b)
    {
        var row = new int[b.Length + 1];
        foreach (var token in a)
        {
            var diagonal = 0;
            for (var j = 1; j <= b.Length; j++) (diagonal, row[j]) = (row[j], token == b[j - 1] ? diagonal + 1 : Math.Max(row[j], row[j - 1]));
        }
        return row[^1];
    }

    private static double F1(int common, int hypothesis, int truth) => common == 0 ? 0 : 2.0 * common / (hypothesis + truth);
}
