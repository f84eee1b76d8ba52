using System.Numerics.Tensors;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// The scorers over <see cref="LinkFeatures"/>, on a common trunk: how likely the new line answers a candidate, how likely it goes on with the conversation of that
/// one (both against opening a conversation), and how likely the two share a conversation whatever the others do. Several networks, each trained without a share of
/// the rooms, are averaged.
/// </summary>
internal sealed class LinkModel
{
    private readonly Network[] _networks;

    public LinkModel(BinaryReader reader)
    {
        _networks = new Network[reader.ReadInt32()];
        for (var i = 0; i < _networks.Length; i++)
            _networks[i] = new Network(DenseLayer.Read(reader), DenseLayer.Read(reader), DenseLayer.Read(reader), DenseLayer.Read(reader), DenseLayer.Read(reader));
    }

    private LinkModel(Network[] networks) => _networks = networks;

    public int Networks => _networks.Length;

    /// <summary>One of the networks alone.</summary>
    public LinkModel Only(int network) => new([_networks[network]]);

    /// <summary>The share of a candidate's own features in the first layer: the same for every later line, so it is made once.</summary>
    public float[] Prepare(ObservedLine candidate)
    {
        var features = LinkFeatures.CandidateFeatures(candidate);
        var prepared = new float[_networks.Sum(network => network.First.Outputs)];
        var from = 0;
        foreach (var network in _networks)
        {
            network.First.Add(features, LinkFeatures.OfLine, prepared.AsSpan(from, network.First.Outputs));
            from += network.First.Outputs;
        }

        return prepared;
    }

    /// <param name="features">The line and its candidates.</param>
    /// <param name="room">Where they were said; every candidate is prepared.</param>
    /// <param name="scores">Filled.</param>
    public void Score(LinkFeatures features, LinkerState room, LinkScores scores)
    {
        var count = features.Count;
        scores.Clear(count);
        Span<float> odds = stackalloc float[3];
        Span<float> answers = stackalloc float[LinkerState.Candidates + 1];
        Span<float> joins = stackalloc float[LinkerState.Candidates + 1];
        var from = 0;
        foreach (var network in _networks)
        {
            var (line, first) = (new float[network.First.Outputs], new float[network.First.Outputs]);
            var (second, opens) = (new float[network.Second.Outputs], new float[network.OpensFirst.Outputs]);
            network.First.Start(line);
            network.First.Add(features.Line, 0, line);
            for (var n = 0; n < count; n++)
            {
                TensorPrimitives.Add(LinkFeatures.Candidate(room, n).Prepared.AsSpan(from, first.Length), line, first);
                network.First.Add(features.Pairs.AsSpan(n * LinkFeatures.OfPair, LinkFeatures.OfPair), LinkFeatures.OfLine + LinkFeatures.OfCandidate, first);
                network.Second.Rectify(first, second);
                network.Odds.Rectify(second, odds);
                (answers[n], joins[n]) = (odds[0], odds[1]);
                scores.Same[n] += odds[2] / _networks.Length;
            }

            network.OpensFirst.Start(opens);
            network.OpensFirst.Add(features.Line, 0, opens);
            network.Opens.Rectify(opens, odds[..2]);
            (answers[count], joins[count]) = (odds[0], odds[1]);
            from += first.Length;
            scores.Add(answers[..(count + 1)], joins[..(count + 1)]);
        }

        scores.Finish(_networks.Length);
    }

    private sealed record Network(DenseLayer First, DenseLayer Second, DenseLayer Odds, DenseLayer OpensFirst, DenseLayer Opens);
}
