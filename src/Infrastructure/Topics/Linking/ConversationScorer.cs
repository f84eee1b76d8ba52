namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>Chooses among the conversations that are going on, and a new one, by <see cref="ConversationFeatures"/>; several networks are averaged.</summary>
internal sealed class ConversationScorer
{
    private readonly (DenseLayer First, DenseLayer Second, DenseLayer Odds)[] _networks;

    public ConversationScorer(BinaryReader reader)
    {
        _networks = new (DenseLayer, DenseLayer, DenseLayer)[reader.ReadInt32()];
        for (var i = 0; i < _networks.Length; i++)
            _networks[i] = (DenseLayer.Read(reader), DenseLayer.Read(reader), DenseLayer.Read(reader));
    }

    /// <summary>P(the chosen) − P(the likeliest other), at least 0.</summary>
    /// <param name="chances">ln P of each, as <see cref="Score"/> fills them.</param>
    /// <param name="chosen">Which one.</param>
    public static float Margin(ReadOnlySpan<float> chances, int chosen)
    {
        var other = float.NegativeInfinity;
        for (var row = 0; row < chances.Length; row++)
            other = row == chosen ? other : Math.Max(other, chances[row]);
        return Math.Max(0, MathF.Exp(chances[chosen]) - MathF.Exp(other));
    }

    /// <param name="rows">[n, features].</param>
    /// <param name="chances">Filled with ln P(the line belongs to the n-th).</param>
    public void Score(ReadOnlySpan<float> rows, Span<float> chances)
    {
        var width = _networks[0].First.Inputs;
        Span<float> first = stackalloc float[_networks[0].First.Outputs];
        Span<float> second = stackalloc float[_networks[0].Second.Outputs];
        Span<float> odds = stackalloc float[1];
        Span<float> logits = chances.Length <= 256 ? stackalloc float[chances.Length] : new float[chances.Length];
        chances.Clear();
        foreach (var network in _networks)
        {
            for (var row = 0; row < chances.Length; row++)
            {
                network.First.Start(first);
                network.First.Add(rows.Slice(row * width, width), 0, first);
                network.Second.Rectify(first, second);
                network.Odds.Rectify(second, odds);
                logits[row] = odds[0];
            }

            var greatest = float.NegativeInfinity;
            foreach (var logit in logits)
                greatest = Math.Max(greatest, logit);
            var sum = 0f;
            foreach (var logit in logits)
                sum += MathF.Exp(logit - greatest);
            for (var row = 0; row < chances.Length; row++)
                chances[row] += MathF.Exp(logits[row] - greatest) / sum;
        }

        for (var row = 0; row < chances.Length; row++)
            chances[row] = MathF.Log((chances[row] / _networks.Length) + 1e-9f);
    }
}
