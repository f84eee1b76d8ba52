
namespace AIChat.Evaluation.Scoring;

/// <summary>Spearman's rank correlation; ties share their mean rank.</summary>
internal static class Spearman
{
    public static double Of(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        var (x, y) = (Ranks(a), Ranks(b));
        var mean = (a.Count - 1) / 2.0;
        var covariance = x.Zip(y, (p, q) => (p - mean) * (q - mean)).Sum();
        return covariance / Math.Sqrt(x.Sum(p => (p - mean) * (p - mean)) * y.Sum(q => (q - mean) * (q - mean)));
    }

    private static double[] Ranks(IReadOnlyList<double> values)
    {
        var order = Enumerable.Range(0, values.Count).OrderBy(at => values[at]).ToArray();
        var ranks = new double[values.Count];
        for (var from = 0; from < order.Length;)
        {
            var to = from;
            while (to + 1 < order.Length && values[order[to + 1]] == values[order[from]])
                to++;
            for (var at = from; at <= to; at++)
                ranks[order[at]] = (from + to) / 2.0;
            from = to + 1;
        }

        return ranks;
    }
}
