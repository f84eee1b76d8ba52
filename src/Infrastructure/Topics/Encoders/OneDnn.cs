using System.IO.Compression;
using System.Text;
using static TorchSharp.torch;

namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>
/// Products by oneDNN with weights that are laid out for it once: libtorch's usual library uses half of what some processors can, and its own way to oneDNN lays the weights out anew for every
/// product. These operators have no binding, and a script that is compiled from its source does not find them (it knows <c>aten</c> alone); one that is loaded does, so that the archive which
/// libtorch would have written of it is put together here.
/// </summary>
internal static class OneDnn
{
    /// <summary>For how many rows weights are laid out; others cost a little more.</summary>
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

    /// <summary>Whether this build of libtorch has it.</summary>
    public static bool IsHere => Products.Value is not null;

    /// <summary>Weights [to, from] as <see cref="Linear"/> takes them: a tensor that knows its shape and shows none of its numbers.</summary>
    public static Tensor Pack(Tensor weight)
    {
        // Held here: of a plain number the package makes one that may be collected before libtorch has read it.
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

    /// <summary>A script module without tensors: its code, and pickles of an object without attributes and of no constants.</summary>
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
