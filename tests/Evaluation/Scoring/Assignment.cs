namespace AIChat.Evaluation.Scoring;

/// <summary>The one-to-one pairing of rows and columns with the greatest sum (the Hungarian method with potentials, O(n³)).</summary>
internal static class Assignment
{
    public static double Best(double[,] gain)
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

        var sum = 0.0;
        for (var column = 1; column <= size; column++)
            sum -= Cost(rowOf[column] - 1, column - 1);
        return sum;
    }
}
