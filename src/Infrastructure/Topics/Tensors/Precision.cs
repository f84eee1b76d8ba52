using static TorchSharp.torch;

namespace AIChat.Infrastructure.Topics.Tensors;

/// <summary>Precision of an encoder's arithmetic.</summary>
internal enum Precision
{
    /// <summary>BF16 where a measurement shows that it is faster and differs little, else F32.</summary>
    Measured,

    F32,

    BF16,

    /// <summary>BF16 by libtorch's own product, without measurements, so that the same texts always get the same vectors.</summary>
    UnmeasuredBF16,
}

/// <summary>A kind of matrix product.</summary>
/// <param name="Type">F32 or BF16.</param>
/// <param name="ByOneDnn">By oneDNN with packed weights; else by libtorch's own product.</param>
internal readonly record struct Products(ScalarType Type, bool ByOneDnn)
{
    public override string ToString() => (Type == ScalarType.Float32 ? "F32 by " : "BF16 by ") + (ByOneDnn ? "oneDNN" : "libtorch's own product");
}
