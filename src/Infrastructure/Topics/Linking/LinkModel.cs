using System.Numerics.Tensors;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// Three scorers over <see cref="LinkFeatures"/> with a shared trunk: P(the line answers the candidate) and P(it continues the candidate's conversation), each a softmax
/// over the candidates and "opens a conversation", and the log-odds that the two share a conversation. Several networks, each trained without a share of the rooms, are
/// averaged.
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

    /// <summary>The model with one of its networks.</summary>
    public LinkModel Only(int network) => new([_networks[network]]);

    /// <summary>The share of a candidate's own features in the first layers of all networks. It is the same for every later line, so it is computed once.</summary>
    public float[] CandidateActivations(ObservedLine candidate)
    {
        var features = LinkFeatures.CandidateFeatures(candidate);
        var activations = new float[_networks.Sum(network => network.First.Outputs)];
        var from = 0;
        foreach (var network in _networks)
        {
            network.First.Add(features, LinkFeatures.OfLine, activations.AsSpan(from, network.First.Outputs));
            from += network.First.Outputs;
        }

        return activations;
    }

    /// <param name="features">Features of the line and its candidates.</param>
    /// <param name="state">The room; its candidates have their <see cref="ObservedLine.CandidateActivations"/>.</param>
    /// <param name="scores">Overwritten.</param>
    public void Score(LinkFeatures features, LinkerState state, LinkScores scores)
    {
        var count = features.Count;
        scores.Clear(count);
        Span<float> outputs = stackalloc float[3];
        Span<float> answers = stackalloc float[LinkerState.Candidates + 1];
        Span<float> joins = stackalloc float[LinkerState.Candidates + 1];
        var from = 0;
        foreach (var network in _networks)
        {
            var (line, first) = (new float[network.First.Outputs], new float[network.First.Outputs]);
            var (second, opens) = (new float[network.Second.Outputs], new float[network.OpensFirst.Outputs]);
            network.First.SetToBias(line);
            network.First.Add(features.Line, 0, line);
            for (var n = 0; n < count; n++)
            {
                TensorPrimitives.Add(state.Candidate(n).CandidateActivations.AsSpan(from, first.Length), line, first);
                network.First.Add(features.Pairs.AsSpan(n * LinkFeatures.OfPair, LinkFeatures.OfPair), LinkFeatures.OfLine + LinkFeatures.OfCandidate, first);
                network.Second.Rectify(first, second);
                network.Odds.Rectify(second, outputs);
                (answers[n], joins[n]) = (outputs[0], outputs[1]);
                scores.Same[n] += outputs[2] / _networks.Length;
            }

            network.OpensFirst.SetToBias(opens);
            network.OpensFirst.Add(features.Line, 0, opens);
            network.Opens.Rectify(opens, outputs[..2]);
            (answers[count], joins[count]) = (outputs[0], outputs[1]);
            from += first.Length;
            scores.Add(answers[..(count + 1)], joins[..(count + 1)]);
        }

        scores.Finish(_networks.Length);
    }

    private sealed record Network(DenseLayer First, DenseLayer Second, DenseLayer Odds, DenseLayer OpensFirst, DenseLayer Opens);
}
