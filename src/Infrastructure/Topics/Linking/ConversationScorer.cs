namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>Scores rows of features, one for each conversation and a last one for a new conversation: a softmax over the rows. Several networks are averaged.</summary>
internal sealed class ConversationScorer
{
    private readonly (DenseLayer First, DenseLayer Second, DenseLayer Logit)[] _networks;

    public ConversationScorer(BinaryReader reader)
    {
        _networks = new (DenseLayer, DenseLayer, DenseLayer)[reader.ReadInt32()];
        for (var i = 0; i < _networks.Length; i++)
            _networks[i] = (DenseLayer.Read(reader), DenseLayer.Read(reader), DenseLayer.Read(reader));
    }

    /// <summary>P(the chosen row) − P(the likeliest other), at least 0.</summary>
    /// <param name="logProbabilities">ln P of each row.</param>
    /// <param name="chosen">The chosen row.</param>
    public static float Margin(ReadOnlySpan<float> logProbabilities, int chosen)
    {
        var other = float.NegativeInfinity;
        for (var row = 0; row < logProbabilities.Length; row++)
            other = row == chosen ? other : Math.Max(other, logProbabilities[row]);
        return Math.Max(0, MathF.Exp(logProbabilities[chosen]) - MathF.Exp(other));
    }

    /// <param name="rows">[n, features].</param>
    /// <param name="logProbabilities">[n]; filled with ln P(the line belongs to the n-th).</param>
    public void Score(ReadOnlySpan<float> rows, Span<float> logProbabilities)
    {
        var width = _networks[0].First.Inputs;
        Span<float> first = stackalloc float[_networks[0].First.Outputs];
        Span<float> second = stackalloc float[_networks[0].Second.Outputs];
        Span<float> logit = stackalloc float[1];
        Span<float> logits = logProbabilities.Length <= 256 ? stackalloc float[logProbabilities.Length] : new float[logProbabilities.Length];
        logProbabilities.Clear();
        foreach (var network in _networks)
        {
            for (var row = 0; row < logProbabilities.Length; row++)
            {
                network.First.SetToBias(first);
                network.First.Add(rows.Slice(row * width, width), 0, first);
                network.Second.Rectify(first, second);
                network.Logit.Rectify(second, logit);
                logits[row] = logit[0];
            }

            var greatest = float.NegativeInfinity;
            foreach (var value in logits)
                greatest = Math.Max(greatest, value);
            var sum = 0f;
            foreach (var value in logits)
                sum += MathF.Exp(value - greatest);
            for (var row = 0; row < logProbabilities.Length; row++)
                logProbabilities[row] += MathF.Exp(logits[row] - greatest) / sum;
        }

        for (var row = 0; row < logProbabilities.Length; row++)
            logProbabilities[row] = MathF.Log((logProbabilities[row] / _networks.Length) + 1e-9f);
    }
}
