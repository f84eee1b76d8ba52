using System.Runtime.InteropServices;
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

    private const int TrimThreshold = -1, MmapThreshold = -3;

    private static readonly jit.CompilationUnit Script = jit.compile("""
        def linear(x, weight, bias):
            return torch.mkldnn_linear(x.to_mkldnn(), weight, bias).to_dense()

        """);

    static OneDnn()
    {
        // Results of some megabytes would come as fresh pages from the system each time, and zeroing them takes as long as the product: glibc keeps them instead.
        if (OperatingSystem.IsLinux())
        {
            Adjust(MmapThreshold, 64 * 1024 * 1024);
            Adjust(TrimThreshold, 128 * 1024 * 1024);
        }
    }

    public static Tensor Linear(Tensor x, Tensor weight, Tensor bias) => (Tensor)Script.invoke("linear", x, weight, bias)!;

    private static void Adjust(int parameter, int value)
    {
        try
        {
            _ = MallOpt(parameter, value);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library; it has its own ways.
        }
    }

#pragma warning disable SYSLIB1054 // what that asks for needs unsafe code
    [DllImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MallOpt(int parameter, int value);
#pragma warning restore SYSLIB1054
}
