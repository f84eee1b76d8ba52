using System.Numerics.Tensors;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>What the scorers say of a line's candidates, the newest first.</summary>
internal sealed class LinkScores
{
    public int Count { get; private set; }

    /// <summary>ln P(the line answers the n-th newest).</summary>
    public float[] Links { get; } = new float[LinkerState.Candidates];

    /// <summary>ln of the n-th newest's share in P(the line goes on with its conversation).</summary>
    public float[] Joins { get; } = new float[LinkerState.Candidates];

    /// <summary>Log-odds that the two share a conversation.</summary>
    public float[] Same { get; } = new float[LinkerState.Candidates];

    /// <summary>ln P(the line opens a conversation).</summary>
    public float Opens { get; private set; }

    public void Clear(int count)
    {
        Count = count;
        Links.AsSpan(0, count).Clear();
        Joins.AsSpan(0, count).Clear();
        Same.AsSpan(0, count).Clear();
        Opens = 0;
    }

    /// <summary>Adds one network's logits, the last of which is for opening a conversation; they are overwritten.</summary>
    public void Add(Span<float> answers, Span<float> joins)
    {
        TensorPrimitives.SoftMax(answers, answers);
        TensorPrimitives.SoftMax(joins, joins);
        for (var n = 0; n < Count; n++)
        {
            Links[n] += answers[n];
            Joins[n] += joins[n];
        }

        Opens += joins[Count];
    }

    public void Finish(int networks)
    {
        for (var n = 0; n < Count; n++)
        {
            Links[n] = Log(Links[n]);
            Joins[n] = Log(Joins[n]);
        }

        Opens = Log(Opens);

        float Log(float sum) => MathF.Log((sum / networks) + 1e-9f);
    }
}
