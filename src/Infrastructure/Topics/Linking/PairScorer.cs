namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// Log-odds that two lines of a window share a conversation, by a network of two hidden layers. Its inputs are the later line's features, the earlier line's, and the
/// pair's. A line's share in the first layer is computed once for each of the two places that it can have.
/// </summary>
internal sealed class PairScorer
{
    private readonly DenseLayer _first, _second, _odds;

    public PairScorer(BinaryReader reader) => (_first, _second, _odds) = (DenseLayer.Read(reader), DenseLayer.Read(reader), DenseLayer.Read(reader));

    private int Hidden => _first.Outputs;

    /// <param name="pairs">The window.</param>
    /// <param name="fill">Fills the features of a line and each earlier line within reach, [earlier, pair features], nearest first.</param>
    /// <param name="cancellation">Stops between lines.</param>
    /// <returns>[lines][earlier lines within reach]: log-odds, nearest first.</returns>
    public float[][] Score(WindowPairs pairs, Action<int, float[]> fill, CancellationToken cancellation)
    {
        var width = _first.Inputs - (2 * WindowPairs.OfLine);
        var rows = new float[WindowPairs.Reach * width];
        var (asLater, asEarlier) = (new float[Hidden], new float[pairs.Count][]);
        var (first, second, line) = (new float[Hidden], new float[_second.Outputs], new float[WindowPairs.OfLine]);
        Span<float> odds = stackalloc float[1];
        var scores = new float[pairs.Count][];
        for (var at = 0; at < pairs.Count; at++)
        {
            cancellation.ThrowIfCancellationRequested();
            pairs.FillLine(at, line);
            _first.SetToBias(asLater);
            _first.Add(line, 0, asLater);
            _first.Add(line, WindowPairs.OfLine, asEarlier[at] = new float[Hidden]);
            fill(at, rows);
            var row = scores[at] = new float[WindowPairs.EarlierOf(at)];
            for (var n = 0; n < row.Length; n++)
            {
                System.Numerics.Tensors.TensorPrimitives.Add(asLater, asEarlier[at - 1 - n], first);
                _first.Add(rows.AsSpan(n * width, width), 2 * WindowPairs.OfLine, first);
                _second.Rectify(first, second);
                _odds.Rectify(second, odds);
                row[n] = odds[0];
            }
        }

        return scores;
    }
}
