using AIChat.Infrastructure.Topics.Turns;

namespace AIChat.Evaluation.Training;

/// <summary>A talk as the trainer sees it.</summary>
/// <param name="Talk">The talk.</param>
/// <param name="Encoder">Number of the encoder of its embeddings; −1: none.</param>
/// <param name="Rows">[lines − 1, <see cref="TurnFeatures.Count"/>].</param>
internal sealed record TurnSample(TurnTalk Talk, int Encoder, float[] Rows)
{
    public int Gaps => Talk.Lines.Count - 1;
}
