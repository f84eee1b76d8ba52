using System.Numerics.Tensors;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// Log-odds that two lines of a window share a conversation, by a network of two hidden layers. Its inputs are the later line's features, the earlier line's, and the
/// pair's. A line's share in the first layer is computed once for each of the two places that it can have.
/// </summary>
internal sealed class PairScorer
{
    private readonly RowNetwork _network;

    public PairScorer(BinaryReader reader) => _network = RowNetwork.Read(reader);

    /// <param name="pairs">The window.</param>
    /// <param name="fill">Fills the features of a line and each earlier line within reach, [earlier, pair features], nearest first.</param>
    /// <param name="cancellation">Stops between lines.</param>
    /// <returns>[lines][earlier lines within reach]: log-odds, nearest first.</returns>
    public float[][] Score(WindowPairs pairs, Action<int, float[]> fill, CancellationToken cancellation)
    {
        var first = _network.First;
        var (width, hidden) = (first.Inputs - (2 * WindowPairs.OfLine), first.Outputs);
        var (rows, line) = (new float[WindowPairs.Reach * width], new float[WindowPairs.OfLine]);
        var (asLater, asEarlier) = (new float[hidden], new float[pairs.Count * hidden]);
        var scores = new float[pairs.Count][];
        for (var at = 0; at < pairs.Count; at++)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = WindowPairs.EarlierOf(at);
            pairs.FillLine(at, line);
            first.SetToBias(asLater);
            first.Add(line, 0, asLater);
            first.Add(line, WindowPairs.OfLine, asEarlier.AsSpan(at * hidden, hidden));
            fill(at, rows);
            var sums = _network.Sums(count);
            for (var n = 0; n < count; n++)
                TensorPrimitives.Add(asLater, asEarlier.AsSpan((at - 1 - n) * hidden, hidden), sums[(n * hidden)..]);
            var odds = _network.Score(rows, width, 2 * WindowPairs.OfLine, count);
            var row = scores[at] = new float[count];
            for (var n = 0; n < count; n++)
                row[n] = odds[n * _network.Outputs];
        }

        return scores;
    }
}
