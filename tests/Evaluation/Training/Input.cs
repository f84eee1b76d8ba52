using static TorchSharp.torch;

namespace AIChat.Evaluation.Training;

/// <summary>A tensor whose buffer is reused for every batch, because allocating megabytes for each would cost more time than the training.</summary>
internal sealed class Input(params long[] shape) : IDisposable
{
    private readonly Tensor _tensor = zeros(shape).DetachFromDisposeScope();

    /// <summary>The values of the next tensor.</summary>
    public float[] Values { get; } = new float[shape.Aggregate(1L, (product, side) => product * side)];

    /// <summary>The first <paramref name="count"/> rows as a tensor.</summary>
    public Tensor Rows(int count)
    {
        using var values = _tensor.data<float>();
        values.CopyFrom(Values);
        return _tensor.slice(0, 0, count, 1);
    }

    public void Dispose() => _tensor.Dispose();
}
