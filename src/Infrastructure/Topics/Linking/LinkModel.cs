namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// The two scorers over <see cref="LinkFeatures"/>, on a common trunk: how likely the new line answers a candidate (or opens a conversation), and how likely the
/// two share a conversation. Several networks, trained from different seeds, are averaged.
/// </summary>
internal sealed class LinkModel
{
    private const int Hidden = 128, Second = 64;

    private readonly Network[] _networks;

    public LinkModel(BinaryReader reader)
    {
        _networks = new Network[reader.ReadInt32()];
        for (var i = 0; i < _networks.Length; i++)
            _networks[i] = new Network(Layer.Read(reader), Layer.Read(reader), Layer.Read(reader), Layer.Read(reader), Layer.Read(reader));
    }

    private LinkModel(Network[] networks) => _networks = networks;

    public int Networks => _networks.Length;

    /// <summary>One of the networks alone.</summary>
    public LinkModel Only(int network) => new([_networks[network]]);

    /// <summary>The share of a candidate's own features in the first layer: the same for every later line, so it is made once.</summary>
    public float[] Prepare(HeardLine candidate)
    {
        var features = LinkFeatures.CandidateFeatures(candidate);
        var prepared = new float[_networks.Length * Hidden];
        for (var i = 0; i < _networks.Length; i++)
            _networks[i].First.Add(features, LinkFeatures.OfLine, prepared.AsSpan(i * Hidden, Hidden));
        return prepared;
    }

    /// <param name="features">The line and its candidates.</param>
    /// <param name="room">Where they were said; every candidate is prepared.</param>
    /// <param name="links">Filled with ln P(the line answers the n-th newest).</param>
    /// <param name="same">Filled with the log-odds that the two share a conversation.</param>
    /// <returns>ln P(the line opens a conversation).</returns>
    public float Score(LinkFeatures features, RoomMemory room, Span<float> links, Span<float> same)
    {
        var count = features.Count;
        Span<float> line = stackalloc float[Hidden];
        Span<float> first = stackalloc float[Hidden];
        Span<float> second = stackalloc float[Second];
        Span<float> odds = stackalloc float[2];
        Span<float> logits = stackalloc float[RoomMemory.Candidates];
        links[..count].Clear();
        same[..count].Clear();
        var opens = 0f;
        for (var at = 0; at < _networks.Length; at++)
        {
            var network = _networks[at];
            network.First.Start(line);
            network.First.Add(features.Line, 0, line);
            for (var n = 0; n < count; n++)
            {
                LinkFeatures.Candidate(room, n).Prepared.AsSpan(at * Hidden, Hidden).CopyTo(first);
                for (var i = 0; i < Hidden; i++)
                    first[i] += line[i];
                network.First.Add(features.Pairs.AsSpan(n * LinkFeatures.OfPair, LinkFeatures.OfPair), LinkFeatures.OfLine + LinkFeatures.OfCandidate, first);
                network.Second.Rectify(first, second);
                network.Odds.Rectify(second, odds);
                logits[n] = odds[0];
                same[n] += odds[1] / _networks.Length;
            }

            network.OpensFirst.Start(second);
            network.OpensFirst.Add(features.Line, 0, second);
            network.Opens.Rectify(second, odds[..1]);
            var total = LogSum(logits[..count], odds[0]);
            for (var n = 0; n < count; n++)
                links[n] += MathF.Exp(logits[n] - total);
            opens += MathF.Exp(odds[0] - total);
        }

        for (var n = 0; n < count; n++)
            links[n] = MathF.Log((links[n] / _networks.Length) + 1e-9f);
        return MathF.Log((opens / _networks.Length) + 1e-9f);
    }

    private static float LogSum(ReadOnlySpan<float> values, float other)
    {
        var greatest = other;
        foreach (var value in values)
            greatest = Math.Max(greatest, value);
        var sum = MathF.Exp(other - greatest);
        foreach (var value in values)
            sum += MathF.Exp(value - greatest);
        return greatest + MathF.Log(sum);
    }

    private sealed record Network(Layer First, Layer Second, Layer Odds, Layer OpensFirst, Layer Opens);
}
