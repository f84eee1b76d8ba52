using AIChat.Infrastructure.Topics.Linking;

namespace AIChat.Evaluation.Training;

/// <summary>Labelled pairs of lines for a <see cref="PairScorer"/>.</summary>
/// <param name="width">Of a pair's features.</param>
internal sealed class PairSamples(int width)
{
    /// <summary>Of a line's earlier lines within reach: the nearest, which are all kept, and how many are drawn from the rest.</summary>
    private const int Nearest = 32, Drawn = 40;

    private readonly List<float[]> _lines = [];
    private readonly List<Half[]> _rows = [];
    private readonly List<(int Later, int Earlier, bool Same, float Weight)> _pairs = [];

    public int Count => _pairs.Count;

    public int Width => width;

    /// <summary>Adds the pairs of a room whose conversations are both annotated.</summary>
    /// <param name="pairs">The room's pairs.</param>
    /// <param name="conversations">[lines]: the annotated conversation; −1: unknown.</param>
    /// <param name="fill">Fills the features of a line's pairs, nearest first.</param>
    /// <param name="chance">Draws pairs.</param>
    /// <param name="weight">How much a pair of the room counts.</param>
    public void Add(WindowPairs pairs, int[] conversations, Action<int, float[]> fill, Random chance, float weight)
    {
        var rows = new float[WindowPairs.Reach * width];
        var first = _lines.Count;
        for (var at = 0; at < pairs.Count; at++)
        {
            var line = new float[WindowPairs.OfLine];
            pairs.FillLine(at, line);
            _lines.Add(line);
        }

        for (var at = 1; at < pairs.Count; at++)
        {
            if (conversations[at] < 0)
                continue;
            fill(at, rows);
            var count = WindowPairs.EarlierOf(at);
            var share = Math.Min(1, Drawn / (double)Math.Max(1, count - Nearest));
            for (var n = 0; n < count; n++)
            {
                if (conversations[at - 1 - n] < 0 || (n >= Nearest && chance.NextDouble() >= share))
                    continue;
                var row = new Half[width];
                for (var i = 0; i < width; i++)
                    row[i] = (Half)rows[(n * width) + i];
                _rows.Add(row);
                _pairs.Add((first + at, first + at - 1 - n, conversations[at] == conversations[at - 1 - n], n < Nearest ? weight : (float)(weight / share)));
            }
        }
    }

    /// <summary>Writes a pair's inputs: the later line's features, the earlier line's, the pair's.</summary>
    public (bool Same, float Weight) CopyTo(int pair, Span<float> inputs)
    {
        var (later, earlier, same, weight) = _pairs[pair];
        _lines[later].CopyTo(inputs);
        _lines[earlier].CopyTo(inputs[WindowPairs.OfLine..]);
        System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(_rows[pair], inputs[(2 * WindowPairs.OfLine)..]);
        return (same, weight);
    }
}
