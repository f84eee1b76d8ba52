using System.Numerics.Tensors;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// Three scorers over <see cref="LinkFeatures"/> with a shared trunk: P(the line answers the candidate) and P(it continues the candidate's conversation), each a softmax
/// over the candidates and "opens a conversation", and the log-odds that the two share a conversation.
/// </summary>
internal sealed class LinkModel
{
    private readonly RowNetwork _candidates;
    private readonly DenseLayer _opensFirst, _opens;

    public LinkModel(BinaryReader reader) => (_candidates, _opensFirst, _opens) = (RowNetwork.Read(reader), DenseLayer.Read(reader), DenseLayer.Read(reader));

    private int Hidden => _candidates.First.Outputs;

    /// <summary>The share of a candidate's own features in the first layer. It is the same for every later line, so it is computed once.</summary>
    public float[] CandidateActivations(ObservedLine candidate)
    {
        var activations = new float[Hidden];
        _candidates.First.Add(LinkFeatures.CandidateFeatures(candidate), LinkFeatures.OfLine, activations);
        return activations;
    }

    /// <param name="features">Features of the line and its candidates.</param>
    /// <param name="state">The room; its candidates have their <see cref="ObservedLine.CandidateActivations"/>.</param>
    /// <param name="scores">Overwritten.</param>
    public void Score(LinkFeatures features, LinkerState state, LinkScores scores)
    {
        var count = features.Count;
        Span<float> answers = stackalloc float[count + 1];
        Span<float> joins = stackalloc float[count + 1];
        scores.Clear(count);
        var outputs = ScoreCandidates(features, state);
        for (var n = 0; n < count; n++)
            (answers[n], joins[n], scores.Same[n]) = (outputs[n * _candidates.Outputs], outputs[(n * _candidates.Outputs) + 1], outputs[(n * _candidates.Outputs) + 2]);
        (answers[count], joins[count]) = ScoreOpens(features.Line);
        scores.Set(answers, joins);
    }

    /// <returns>[candidates, <see cref="RowNetwork.Outputs"/>].</returns>
    private ReadOnlySpan<float> ScoreCandidates(LinkFeatures features, LinkerState state)
    {
        Span<float> line = stackalloc float[Hidden];
        _candidates.First.SetToBias(line);
        _candidates.First.Add(features.Line, 0, line);
        var sums = _candidates.Sums(features.Count);
        for (var n = 0; n < features.Count; n++)
            TensorPrimitives.Add(state.Candidate(n).CandidateActivations, line, sums[(n * Hidden)..]);
        return _candidates.Score(features.Pairs, LinkFeatures.OfPair, LinkFeatures.OfLine + LinkFeatures.OfCandidate, features.Count);
    }

    private (float Answer, float Join) ScoreOpens(ReadOnlySpan<float> line)
    {
        Span<float> opens = stackalloc float[_opensFirst.Outputs];
        _opensFirst.SetToBias(opens);
        _opensFirst.Add(line, 0, opens);
        DenseLayer.Rectify(opens);
        Span<float> outputs = stackalloc float[_opens.Outputs];
        _opens.SetToBias(outputs);
        _opens.Add(opens[.._opens.Inputs], 0, outputs);
        return (outputs[0], outputs[1]);
    }
}
