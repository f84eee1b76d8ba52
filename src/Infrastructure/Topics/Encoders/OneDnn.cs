using static TorchSharp.torch;

namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>
/// F32 products by oneDNN rather than by libtorch's usual library, which uses half of what some processors can. The operators have no binding of their own, so they are
/// reached through TorchScript.
/// </summary>
internal static class OneDnn
{
    /// <summary>With fewer rows the way there and back costs more than it saves.</summary>
    public const int LeastRows = 64;

    private static readonly jit.CompilationUnit Script = jit.compile("""
        def linear(x, weight, bias):
            return torch.mkldnn_linear(x.to_mkldnn(), weight, bias).to_dense()

        def feed_forward(x, up, up_bias, down, down_bias):
            return torch.mkldnn_linear(torch.gelu(torch.mkldnn_linear(x.to_mkldnn(), up, up_bias)), down, down_bias).to_dense()

        """);

    public static Tensor Linear(Tensor x, Tensor weight, Tensor bias) => (Tensor)Script.invoke("linear", x, weight, bias)!;

    public static Tensor FeedForward(Tensor x, Tensor up, Tensor upBias, Tensor down, Tensor downBias) => (Tensor)Script.invoke("feed_forward", x, up, upBias, down, downBias)!;
}
