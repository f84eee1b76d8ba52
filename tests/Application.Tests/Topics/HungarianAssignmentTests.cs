using AIChat.Domain.Common;

namespace AIChat.Application.Tests.Topics;

public sealed class HungarianAssignmentTests
{
    [Fact]
    public void The_best_pairing_is_not_the_greedy_one()
    {
        // Greedy takes 9, then 1; the best takes 8 and 7.
        var best = HungarianAssignment.Best([(0, 0, 9), (0, 1, 8), (1, 0, 7), (1, 1, 1)]);
        Assert.Equal([(0, 1, 8.0), (1, 0, 7.0)], best.Order());
    }

    [Fact]
    public void A_pairing_may_leave_rows_alone_and_pairs_only_what_gains()
    {
        Assert.Equal([(1, 0, 5.0)], HungarianAssignment.Best([(0, 0, 1), (1, 0, 5), (2, 0, 3)]));
        Assert.Empty(HungarianAssignment.Best([]));
    }

    [Fact]
    public void Parts_that_share_nothing_are_paired_each_by_itself()
    {
        // Two parts of two rows each, joined late: the third row meets both columns of the first part.
        var best = HungarianAssignment.Best([(0, 0, 4), (1, 1, 4), (2, 0, 3), (2, 1, 3), (7, 9, 1), (8, 9, 2)]);
        Assert.Equal([(0, 0, 4.0), (1, 1, 4.0), (8, 9, 2.0)], best.Order());
    }

    [Fact]
    public void No_other_pairing_of_random_gains_is_better()
    {
        var random = new Random(1);
        for (var round = 0; round < 50; round++)
        {
            var size = random.Next(1, 6);
            var gains = new List<(int, int, double)>();
            for (var row = 0; row < size; row++)
            {
                for (var column = 0; column < size; column++)
                {
                    if (random.Next(3) > 0)
                        gains.Add((row, column, random.Next(1, 10)));
                }
            }

            Assert.Equal(Exhaustive(gains, 0, size, []), HungarianAssignment.Best(gains).Sum(pair => pair.Gain));
        }
    }

    private static double Exhaustive(List<(int Row, int Column, double Gain)> gains, int row, int rows, HashSet<int> taken)
    {
        if (row == rows)
            return 0;
        var best = Exhaustive(gains, row + 1, rows, taken);
        foreach (var (_, column, gain) in gains.Where(gain => gain.Row == row && !taken.Contains(gain.Column)).ToList())
            best = Math.Max(best, gain + Exhaustive(gains, row + 1, rows, [.. taken, column]));
        return best;
    }
}
