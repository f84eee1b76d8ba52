using System.Numerics.Tensors;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>Scores rows of features, one for each conversation and a last one for a new conversation: a softmax over the rows.</summary>
internal sealed class ConversationScorer
{
    private readonly RowNetwork _network;

    public ConversationScorer(BinaryReader reader) => _network = RowNetwork.Read(reader);

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
        _network.First.SetToBias(_network.Sums(count));
        var outputs = _network.Score(rows, _network.First.Inputs, 0, count);
        for (var row = 0; row < count; row++)
            logProbabilities[row] = outputs[row * _network.Outputs];
        TensorPrimitives.SoftMax(logProbabilities, logProbabilities);
        for (var row = 0; row < count; row++)
            logProbabilities[row] = MathF.Log(logProbabilities[row] + 1e-9f);
    }
}
