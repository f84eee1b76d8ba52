using System.Numerics.Tensors;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>Scores of a line's candidates, the newest first.</summary>
internal sealed class LinkScores
{
    /// <summary>Number of candidates.</summary>
    public int Count { get; private set; }

    /// <summary>ln P(the line answers the candidate).</summary>
    public float[] Links { get; } = new float[LinkerState.Candidates];

    /// <summary>ln of the candidate's share in P(the line continues its conversation).</summary>
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

    /// <summary>Sets the links, joins and <see cref="Opens"/> from logits, [candidates + 1], the last for opening a conversation; they are overwritten.</summary>
    public void Set(Span<float> answers, Span<float> joins)
    {
        TensorPrimitives.SoftMax(answers, answers);
        TensorPrimitives.SoftMax(joins, joins);
        for (var n = 0; n < Count; n++)
            (Links[n], Joins[n]) = (Log(answers[n]), Log(joins[n]));
        Opens = Log(joins[Count]);

        static float Log(float probability) => MathF.Log(probability + 1e-9f);
    }
}
