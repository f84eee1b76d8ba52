using AIChat.Infrastructure.Topics.Linking;

namespace AIChat.Infrastructure.Topics.Turns;

/// <summary>
/// Two scorers over <see cref="TurnFeatures"/> with a shared trunk: the log-odds that the talk turns at a gap, however little, and those that another conversation begins there, against none in the whole talk.
/// Several networks, each trained without a share of the talks, are averaged.
/// </summary>
internal sealed class TurnModel
{
    private const int Format = 1;

    private static readonly Lazy<TurnModel> LazyShipped = new(() =>
    {
        using var stream = typeof(TurnModel).Assembly.GetManifestResourceStream("AIChat.Infrastructure.Topics.Turns.weights.bin")!;
        return Read(stream);
    });

    private readonly (DenseLayer Hidden, DenseLayer Logits)[] _networks;

    private TurnModel((DenseLayer, DenseLayer)[] networks) => _networks = networks;

    /// <summary>The embedded <c>weights.bin</c>; docs/topics-notebook.md says what it was trained on and how to train it again.</summary>
    public static TurnModel Shipped => LazyShipped.Value;

    /// <summary>Little-endian: a format number, the number of networks, then the two layers of each, weights as 16-bit floats.</summary>
    /// <exception cref="InvalidDataException">The weights have another format.</exception>
    public static TurnModel Read(Stream stream)
    {
        using var reader = new BinaryReader(stream);
        if (reader.ReadInt32() != Format)
            throw new InvalidDataException("The turn scorer's weights are of another version of the program.");
        var networks = new (DenseLayer, DenseLayer)[reader.ReadInt32()];
        for (var i = 0; i < networks.Length; i++)
            networks[i] = (DenseLayer.Read(reader), DenseLayer.Read(reader));
        return new TurnModel(networks);
    }

    /// <summary>The model with one of its networks.</summary>
    public TurnModel Only(int network) => new([_networks[network]]);

    /// <param name="rows">[gaps, <see cref="TurnFeatures.Count"/>].</param>
    /// <returns>[gaps] each: log-odds of a turn, and of another conversation.</returns>
    public (float[] Turns, float[] Seams) Score(ReadOnlySpan<float> rows)
    {
        var gaps = rows.Length / TurnFeatures.Count;
        var (turns, seams) = (new float[gaps], new float[gaps]);
        foreach (var (first, second) in _networks)
        {
            var (hidden, logits) = (new float[first.Outputs], new float[second.Outputs]);
            for (var gap = 0; gap < gaps; gap++)
            {
                first.SetToBias(hidden);
                first.Add(rows.Slice(gap * TurnFeatures.Count, TurnFeatures.Count), 0, hidden);
                DenseLayer.Rectify(hidden);
                second.SetToBias(logits);
                second.Add(hidden, 0, logits);
                turns[gap] += logits[0] / _networks.Length;
                seams[gap] += logits[1] / _networks.Length;
            }
        }

        return (turns, seams);
    }
}
