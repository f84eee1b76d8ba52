namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>Scores rows of features, one for each conversation and a last one for a new conversation: a softmax over the rows. Several networks are averaged.</summary>
internal sealed class ConversationScorer
{
    private readonly RowNetwork[] _networks;

    public ConversationScorer(BinaryReader reader)
    {
        _networks = new RowNetwork[reader.ReadInt32()];
        for (var i = 0; i < _networks.Length; i++)
            _networks[i] = RowNetwork.Read(reader);
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
        var count = logProbabilities.Length;
        Span<float> logits = count <= 256 ? stackalloc float[count] : new float[count];
        logProbabilities.Clear();
        foreach (var network in _networks)
        {
            network.First.SetToBias(network.Sums(count));
            var outputs = network.Score(rows, network.First.Inputs, 0, count);
            for (var row = 0; row < count; row++)
                logits[row] = outputs[row * network.Outputs];
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
