using System.IO.Compression;
using System.Text;
using static TorchSharp.torch;

namespace AIChat.Infrastructure.Topics.Tensors;

/// <summary>
/// Matrix products by oneDNN with prepacked weights. On some processors libtorch's default library reaches half the speed, and its own path to oneDNN packs the weights for
/// every product. The operators have no TorchSharp binding, and a script compiled from source cannot call them (it sees <c>aten</c> only), but a loaded script module can;
/// therefore the archive of one is assembled here.
/// </summary>
internal static class OneDnn
{
    /// <summary>Number of rows that weights are packed for; other numbers cost a little more.</summary>
    private const long Rows = 32;

    private const string Source = """
        class Products(Module):
          __parameters__ = []
          __buffers__ = []
          def pack(self: __torch__.Products,
            weight: Tensor,
            rows: int) -> Tensor:
            return ops.mkldnn._reorder_linear_weight(weight, rows)
          def linear(self: __torch__.Products,
            x: Tensor,
            weight: Tensor,
            bias: Tensor) -> Tensor:
            scalars = annotate(List[Optional[number]], [])
            return ops.mkldnn._linear_pointwise(x, weight, bias, "none", scalars, "")

        """;

    private static readonly Lazy<jit.ScriptModule?> Products = new(Load);

    /// <summary>Whether this build of libtorch has the operators.</summary>
    public static bool IsAvailable => Products.Value is not null;

    /// <summary>Packs weights [to, from] for <see cref="Linear"/>: an opaque tensor that has a shape but no readable values.</summary>
    public static Tensor Pack(Tensor weight)
    {
        // TorchSharp makes a scalar of a plain number, which may be collected before libtorch has read it: it is held here.
        using TorchSharp.Scalar rows = Rows;
        return (Tensor)Products.Value!.invoke("pack", weight, rows)!;
    }

    /// <summary>x · weightᵀ + bias.</summary>
    /// <param name="x">[rows, from].</param>
    /// <param name="packed">By <see cref="Pack"/>.</param>
    /// <param name="bias">[to].</param>
    public static Tensor Linear(Tensor x, Tensor packed, Tensor bias) => (Tensor)Products.Value!.invoke("linear", x, packed, bias)!;

    private static jit.ScriptModule? Load()
    {
        try
        {
            return jit.load(Archive());
        }
        catch (System.Runtime.InteropServices.ExternalException)
        {
            return null;
        }
    }

    /// <summary>A script module without tensors: its code, a pickled object without attributes, and an empty tuple of constants.</summary>
    private static byte[] Archive()
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("version", "3\n"u8);
            Add("code/__torch__.py", Encoding.UTF8.GetBytes(Source.ReplaceLineEndings("\n")));
            Add("data.pkl", [0x80, 2, .. "c__torch__\nProducts\n)"u8, 0x81, .. "}b."u8]);
            Add("constants.pkl", [0x80, 2, .. ")."u8]);

            void Add(string name, ReadOnlySpan<byte> content)
            {
                using var entry = archive.CreateEntry("products/" + name, CompressionLevel.NoCompression).Open();
                entry.Write(content);
            }
        }

        return bytes.ToArray();
    }
}
