namespace AIChat.Domain.Common;

/// <summary>
/// The one-to-one pairing of rows and columns with the greatest sum (the Hungarian method with potentials: Kuhn 1955, Munkres 1957; O(n³)). Rows and columns that share
/// no gain, directly or through others, are paired independently: small problems instead of one large one.
/// </summary>
public static class HungarianAssignment
{
    /// <param name="gains">The gains of pairs, each more than 0; each pair once. Pairs that are not listed are never made.</param>
    /// <returns>The pairs chosen, as they were given.</returns>
    public static IEnumerable<(int Row, int Column, double Gain)> Best(IReadOnlyCollection<(int Row, int Column, double Gain)> gains)
    {
        var partOfColumn = new Dictionary<int, int>();
        var parts = new Dictionary<int, List<(int Row, int Column, double Gain)>>();
        foreach (var row in gains.GroupBy(gain => gain.Row))
        {
            var joined = row.ToList();
            foreach (var met in row.Where(gain => partOfColumn.ContainsKey(gain.Column)).Select(gain => partOfColumn[gain.Column]).Distinct().ToList())
            {
                joined.AddRange(parts[met]);
                parts.Remove(met);
            }

            parts[row.Key] = joined;
            foreach (var gain in joined)
                partOfColumn[gain.Column] = row.Key;
        }

        return parts.Values.SelectMany(BestOf);
    }

    private static IEnumerable<(int Row, int Column, double Gain)> BestOf(List<(int Row, int Column, double Gain)> part)
    {
        var rows = part.Select(gain => gain.Row).Distinct().Order().Select((row, at) => (row, at)).ToDictionary(pair => pair.row, pair => pair.at);
        var columns = part.Select(gain => gain.Column).Distinct().Order().Select((column, at) => (column, at)).ToDictionary(pair => pair.column, pair => pair.at);
        var matrix = new double[rows.Count, columns.Count];
        foreach (var (row, column, gain) in part)
            matrix[rows[row], columns[column]] = gain;
        var columnOf = Best(matrix);
        return part.Where(gain => columnOf[rows[gain.Row]] == columns[gain.Column]);
    }

    private static int[] Best(double[,] gain)
    {
        var size = Math.Max(gain.GetLength(0), gain.GetLength(1));
        double Cost(int row, int column) => row < gain.GetLength(0) && column < gain.GetLength(1) ? -gain[row, column] : 0;
        var rowPotential = new double[size + 1];
        var columnPotential = new double[size + 1];
        var rowOf = new int[size + 1]; // 1-based; 0 = free
        var cameFrom = new int[size + 1];
        for (var row = 1; row <= size; row++)
        {
            rowOf[0] = row;
            var slack = new double[size + 1];
            Array.Fill(slack, double.PositiveInfinity);
            var done = new bool[size + 1];
            var column = 0;
            while (rowOf[column] != 0)
            {
                done[column] = true;
                var (current, next, delta) = (rowOf[column], 0, double.PositiveInfinity);
                for (var other = 1; other <= size; other++)
                {
                    if (done[other])
                        continue;
                    var reduced = Cost(current - 1, other - 1) - rowPotential[current] - columnPotential[other];
                    if (reduced < slack[other])
                        (slack[other], cameFrom[other]) = (reduced, column);
                    if (slack[other] < delta)
                        (delta, next) = (slack[other], other);
                }

                for (var other = 0; other <= size; other++)
                {
                    if (done[other])
                    {
                        rowPotential[rowOf[other]] += delta;
                        columnPotential[other] -= delta;
                    }
                    else
                    {
                        slack[other] -= delta;
                    }
                }

                column = next;
            }

            while (column != 0)
            {
                rowOf[column] = rowOf[cameFrom[column]];
                column = cameFrom[column];
            }
        }

        var best = new int[gain.GetLength(0)];
        Array.Fill(best, -1);
        for (var column = 1; column <= gain.GetLength(1); column++)
        {
            if (Cost(rowOf[column] - 1, column - 1) < 0)
                best[rowOf[column] - 1] = column - 1;
        }

        return best;
    }
}
