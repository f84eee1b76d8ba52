using System.Runtime.InteropServices;
using AIChat.Domain.Common;

namespace AIChat.Evaluation.Scoring;

/// <summary>
/// Agreement of links and conversations with annotations (Kummerfeld et al. 2019, "A Large-Scale Corpus for Conversation Disentanglement"); all in percent.
/// </summary>
/// <param name="LinkPrecision">Share of the predicted links that are gold.</param>
/// <param name="LinkRecall">Share of the gold links that are predicted.</param>
/// <param name="LinkF">Harmonic mean of the two.</param>
/// <param name="Vi">1 − variation of information (Meilă 2007), scaled by log₂ of the number of lines.</param>
/// <param name="Ari">Adjusted Rand index.</param>
/// <param name="OneToOne">Share of lines that agree under the best one-to-one pairing of conversations (Elsner &amp; Charniak 2008).</param>
/// <param name="Shen">Shen et al. 2006: each gold conversation's best F, weighed by its size.</param>
/// <param name="ExactPrecision">Share of the predicted conversations of two lines or more that are exactly gold ones.</param>
/// <param name="ExactRecall">Share of the gold conversations of two lines or more that are found exactly.</param>
/// <param name="ExactF">Harmonic mean of the two.</param>
internal sealed record ConversationScore(
    double LinkPrecision, double LinkRecall, double LinkF, double Vi, double Ari, double OneToOne, double Shen,
    double ExactPrecision, double ExactRecall, double ExactF)
{
    /// <param name="auto">Predicted links, one for each scored line.</param>
    /// <param name="gold">Annotated links.</param>
    /// <param name="start">First scored line of each file; earlier lines connect conversations but are not counted.</param>
    public static ConversationScore Of(Links auto, Links gold, int start)
    {
        var predicted = Conversations(auto, start);
        var truth = Conversations(gold, start);
        var where = new Dictionary<(string, int), int>();
        for (var j = 0; j < truth.Count; j++)
            foreach (var line in truth[j].Lines)
                where[(truth[j].File, line)] = j;
        var table = new Dictionary<(int Auto, int Gold), int>();
        for (var i = 0; i < predicted.Count; i++)
            foreach (var line in predicted[i].Lines)
                if (where.TryGetValue((predicted[i].File, line), out var j))
                    CollectionsMarshal.GetValueRefOrAddDefault(table, (i, j), out _)++;

        double n = predicted.Sum(c => c.Lines.Count);
        double joint = 0, information = 0, index = 0;
        var best = new double[truth.Count];
        var hits = 0;
        foreach (var ((i, j), count) in table)
        {
            double c = count, a = predicted[i].Lines.Count, g = truth[j].Lines.Count;
            joint -= c / n * Math.Log2(c / n);
            information += c / n * Math.Log2(c * n / (a * g));
            index += Pairs(c);
            best[j] = Math.Max(best[j], 2 * c / (a + g));
            hits += count > 1 && c == a && c == g ? 1 : 0;
        }

        var autoPairs = predicted.Sum(c => Pairs(c.Lines.Count));
        var goldPairs = truth.Sum(c => Pairs(c.Lines.Count));
        var expected = autoPairs * goldPairs / Pairs(table.Values.Sum());
        var ari = autoPairs + goldPairs == 0 ? 0 : 100 * (index - expected) / (((autoPairs + goldPairs) / 2) - expected);
        var goldLines = truth.Sum(c => c.Lines.Count);
        var shen = 100 * truth.Select((c, j) => c.Lines.Count * best[j]).Sum() / goldLines;
        var linkHits = gold.Sum(file => auto.TryGetValue(file.Key, out var pairs) ? pairs.Count(file.Value.Contains) : 0);
        var (linkP, linkR, linkF) = PrecisionRecallF(linkHits, auto.Values.Sum(pairs => pairs.Count), gold.Values.Sum(pairs => pairs.Count));
        var (exactP, exactR, exactF) = PrecisionRecallF(hits, predicted.Count(c => c.Lines.Count > 1), truth.Count(c => c.Lines.Count > 1));
        var paired = HungarianAssignment.Best([.. table.Select(cell => (cell.Key.Auto, cell.Key.Gold, (double)cell.Value))]).Sum(pair => pair.Gain);
        return new ConversationScore(
            linkP, linkR, linkF, 100 - (100 * (joint - information) / Math.Log2(n)), ari, 100 * paired / n, shen, exactP, exactR, exactF);
    }

    /// <summary>Connected components of the links, without the lines before <paramref name="start"/>.</summary>
    private static List<(string File, List<int> Lines)> Conversations(Links links, int start)
    {
        var found = new List<(string, List<int>)>();
        foreach (var (file, pairs) in links)
        {
            var sets = new DisjointSets<int>();
            foreach (var (later, earlier) in pairs)
                sets.Join(later, earlier);
            foreach (var group in sets.Groups())
            {
                group.RemoveAll(line => line < start);
                if (group.Count > 0)
                    found.Add((file, group));
            }
        }

        return found;
    }

    private static double Pairs(double n) => n * (n - 1) / 2;

    private static (double Precision, double Recall, double F) PrecisionRecallF(int hits, int predicted, int gold)
    {
        var (p, r) = (100.0 * hits / Math.Max(1, predicted), 100.0 * hits / Math.Max(1, gold));
        return (p, r, hits == 0 ? 0 : 2 * p * r / (p + r));
    }
}
