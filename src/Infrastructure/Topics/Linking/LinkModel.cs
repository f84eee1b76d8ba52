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
            _networks[i] = new Network(RowNetwork.Read(reader), DenseLayer.Read(reader), DenseLayer.Read(reader));
    }

    private LinkModel(Network[] networks) => _networks = networks;

    /// <summary>The model with one of its networks.</summary>
    public LinkModel Only(int network) => new([_networks[network]]);

    /// <summary>The share of a candidate's own features in the first layers of all networks. It is the same for every later line, so it is computed once.</summary>
    public float[] CandidateActivations(ObservedLine candidate)
    {
        var features = LinkFeatures.CandidateFeatures(candidate);
        var activations = new float[_networks.Sum(network => network.Hidden)];
        var from = 0;
        foreach (var network in _networks)
        {
            network.Candidates.First.Add(features, LinkFeatures.OfLine, activations.AsSpan(from, network.Hidden));
            from += network.Hidden;
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
        Span<float> answers = stackalloc float[LinkerState.Candidates + 1];
        Span<float> joins = stackalloc float[LinkerState.Candidates + 1];
        var from = 0;
        foreach (var network in _networks)
        {
            var outputs = network.ScoreCandidates(features, state, from);
            for (var n = 0; n < count; n++)
            {
                var output = outputs.Slice(n * network.Candidates.Outputs, 3);
                (answers[n], joins[n]) = (output[0], output[1]);
                scores.Same[n] += output[2] / _networks.Length;
            }

            (answers[count], joins[count]) = network.ScoreOpens(features.Line);
            scores.Add(answers[..(count + 1)], joins[..(count + 1)]);
            from += network.Hidden;
        }

        scores.Finish(_networks.Length);
    }

    /// <summary>One network: its trunk scores candidates, the other two layers score "opens a conversation".</summary>
    private sealed record Network(RowNetwork Candidates, DenseLayer OpensFirst, DenseLayer Opens)
    {
        public int Hidden => Candidates.First.Outputs;

        /// <returns>[candidates, <see cref="RowNetwork.Outputs"/>].</returns>
        public ReadOnlySpan<float> ScoreCandidates(LinkFeatures features, LinkerState state, int activations)
        {
            Span<float> line = stackalloc float[Hidden];
            Candidates.First.SetToBias(line);
            Candidates.First.Add(features.Line, 0, line);
            var sums = Candidates.Sums(features.Count);
            for (var n = 0; n < features.Count; n++)
                TensorPrimitives.Add(state.Candidate(n).CandidateActivations.AsSpan(activations, Hidden), line, sums[(n * Hidden)..]);
            return Candidates.Score(features.Pairs, LinkFeatures.OfPair, LinkFeatures.OfLine + LinkFeatures.OfCandidate, features.Count);
        }

        public (float Answer, float Join) ScoreOpens(ReadOnlySpan<float> line)
        {
            Span<float> opens = stackalloc float[OpensFirst.Outputs];
            OpensFirst.SetToBias(opens);
            OpensFirst.Add(line, 0, opens);
            DenseLayer.Rectify(opens);
            Span<float> outputs = stackalloc float[Opens.Outputs];
            Opens.SetToBias(outputs);
            Opens.Add(opens[..Opens.Inputs], 0, outputs);
            return (outputs[0], outputs[1]);
        }
    }
}
