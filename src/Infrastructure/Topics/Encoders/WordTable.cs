using System.IO.MemoryMappedFiles;
using System.Numerics.Tensors;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>
/// A token embedding table that stays mapped in its file; a row is converted to F32 when it is looked up. In a multilingual model it is the larger part of the weights, and
/// a line needs few of its rows.
/// </summary>
internal sealed class WordTable(MemoryMappedViewAccessor bytes, ScalarType stored, int width) : IDisposable
{
    /// <summary>[ids, width], in F32.</summary>
    public Tensor Rows(IReadOnlyList<int> ids)
    {
        var values = new float[ids.Count * width];
        var (halves, shorts) = (new Half[stored == ScalarType.Float16 ? width : 0], new ushort[stored == ScalarType.BFloat16 ? width : 0]);
        for (var i = 0; i < ids.Count; i++)
        {
            var row = values.AsSpan(i * width, width);
            var at = (long)ids[i] * width;
            switch (stored)
            {
                case ScalarType.Float16:
                    bytes.ReadArray(at * sizeof(ushort), halves, 0, width);
                    TensorPrimitives.ConvertToSingle(halves, row);
                    break;
                case ScalarType.BFloat16:
                    bytes.ReadArray(at * sizeof(ushort), shorts, 0, width);
                    for (var k = 0; k < width; k++)
                        row[k] = BitConverter.UInt32BitsToSingle((uint)shorts[k] << 16);
                    break;
                default:
                    bytes.ReadArray(at * sizeof(float), values, i * width, width);
                    break;
            }
        }

        return tensor(values, ids.Count, width);
    }

    public void Dispose() => bytes.Dispose();
}
