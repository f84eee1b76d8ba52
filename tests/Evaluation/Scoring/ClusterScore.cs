
namespace AIChat.Evaluation.Scoring;

/// <summary>Agreement of clusters with known classes, in percent.</summary>
internal static class ClusterScore
{
    /// <returns>The adjusted Rand index (Hubert &amp; Arabie 1985) and the V-measure (Rosenberg &amp; Hirschberg 2007).</returns>
    public static (double Ari, double V) Of(IReadOnlyList<int> found, IReadOnlyList<int> gold)
    {
        var cells = found.Zip(gold).GroupBy(pair => pair).Select(group => (double)group.Count()).ToList();
        var (rows, columns) = (Sizes(found), Sizes(gold));
        var (both, left, right, all) = (cells.Sum(Pairs), rows.Sum(Pairs), columns.Sum(Pairs), Pairs(found.Count));
        var expected = left * right / all;
        var mean = (left + right) / 2;
        var ari = mean == expected ? 0 : (both - expected) / (mean - expected);
        var (joint, ofFound, ofGold) = (Entropy(cells), Entropy(rows), Entropy(columns));
        var shared = ofFound + ofGold - joint;
        var (homogeneity, completeness) = (ofGold == 0 ? 1 : shared / ofGold, ofFound == 0 ? 1 : shared / ofFound);
        return (100 * ari, homogeneity + completeness == 0 ? 0 : 100 * 2 * homogeneity * completeness / (homogeneity + completeness));

        double Entropy(IEnumerable<double> sizes) => -sizes.Sum(size => size / found.Count * Math.Log(size / found.Count));
    }

    private static List<double> Sizes(IReadOnlyList<int> labels) => [.. labels.GroupBy(label => label).Select(group => (double)group.Count())];

    private static double Pairs(double n) => n * (n - 1) / 2;
}
