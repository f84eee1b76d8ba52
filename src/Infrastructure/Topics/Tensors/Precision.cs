using static TorchSharp.torch;

namespace AIChat.Infrastructure.Topics.Tensors;

/// <summary>The numbers that an encoder counts with.</summary>
internal enum Precision
{
    /// <summary>BF16 where it is measured to be faster and hardly differs, else F32.</summary>
    Measured,

    F32,

    BF16,

    /// <summary>BF16 by libtorch's own product: no measurement has a say, so that the same texts get the same vectors every time.</summary>
    UnmeasuredBF16,
}

/// <summary>How products are made.</summary>
/// <param name="Type">F32 or BF16.</param>
/// <param name="ByOneDnn">With weights laid out for it; else by libtorch's own product.</param>
internal readonly record struct Products(ScalarType Type, bool ByOneDnn)
{
    public override string ToString() => (Type == ScalarType.Float32 ? "F32 by " : "BF16 by ") + (ByOneDnn ? "oneDNN" : "libtorch's own product");
}
