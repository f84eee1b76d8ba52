using static TorchSharp.torch;

namespace AIChat.Evaluation.Training;

/// <summary>A tensor that is filled anew for every batch: allocating megabytes for each one would keep the collector busier than the training.</summary>
internal sealed class Input(params long[] shape) : IDisposable
{
    private readonly Tensor _tensor = zeros(shape).DetachFromDisposeScope();

    /// <summary>What the next tensor holds.</summary>
    public float[] Values { get; } = new float[shape.Aggregate(1L, (product, side) => product * side)];

    /// <summary>The values, of the first so many rows.</summary>
    public Tensor Rows(int count)
    {
        using var values = _tensor.data<float>();
        values.CopyFrom(Values);
        return _tensor.slice(0, 0, count, 1);
    }

    public void Dispose() => _tensor.Dispose();
}
