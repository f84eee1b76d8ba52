using System.Runtime.InteropServices;
using System.Text;

namespace AIChat.Infrastructure.Topics.Tensors;

/// <summary>What libtorch may keep of memory. Only glibc is told; other C libraries are left alone.</summary>
internal static class Allocator
{
    private const int TrimThreshold = -1, MmapThreshold = -3;

    /// <summary>
    /// Plans of products, half a megabyte each. Single messages come back to those of their length, of which there are some dozens; two batches hardly ever have the same number of tokens, and
    /// otherwise a thousand plans of theirs would be kept.
    /// </summary>
    private static readonly byte[] Plans = Text("128");

    /// <summary>What libtorch's way to oneDNN keeps beside them, and gains nothing by.</summary>
    private static readonly byte[] Ways = Text("16");

    /// <summary>Results of some megabytes would come as fresh pages from the system each time, and zeroing them takes as long as a product: they are kept for the next instead.</summary>
    public static void KeepLargeBlocks() => OnGlibc(() =>
    {
        _ = MallOpt(MmapThreshold, 64 * 1024 * 1024);
        _ = MallOpt(TrimThreshold, 128 * 1024 * 1024);
    });

    /// <summary>Settings of oneDNN and of libtorch's way to it, unless the environment has others. Theirs is the C library's environment, of which .NET has a copy.</summary>
    public static void KeepFewPlans() => OnGlibc(() =>
    {
        _ = SetEnvironment(Text("ONEDNN_PRIMITIVE_CACHE_CAPACITY"), Plans, 0);
        _ = SetEnvironment(Text("LRU_CACHE_CAPACITY"), Ways, 0);
    });

    /// <summary>Gives back what loading left behind.</summary>
    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        OnGlibc(() => _ = MallocTrim(0));
    }

    /// <summary>As C has it: ended by a zero.</summary>
    private static byte[] Text(string text) => [.. Encoding.ASCII.GetBytes(text), 0];

    private static void OnGlibc(Action change)
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            change();
        }
        catch (Exception other) when (other is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library; it has its own ways.
        }
    }

#pragma warning disable SYSLIB1054 // what that asks for needs unsafe code
    [DllImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MallOpt(int parameter, int value);

    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment(byte[] name, byte[] value, int overwrite);

    [DllImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MallocTrim(nuint pad);
#pragma warning restore SYSLIB1054
}
