using static TorchSharp.torch;

namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>
/// F32 products by oneDNN rather than by libtorch's usual library, which uses half of what some processors can. The operator has no binding of its own, so it is reached through
/// TorchScript.
/// </summary>
internal static class OneDnn
{
    /// <summary>With fewer rows the way there and back costs what it saves.</summary>
    public const int LeastRows = 32;

    private static readonly jit.CompilationUnit Script = jit.compile("""
        def linear(x, weight, bias):
            return torch.mkldnn_linear(x.to_mkldnn(), weight, bias).to_dense()

        """);

    public static Tensor Linear(Tensor x, Tensor weight, Tensor bias) => (Tensor)Script.invoke("linear", x, weight, bias)!;
}
