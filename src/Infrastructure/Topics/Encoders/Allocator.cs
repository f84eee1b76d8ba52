using System.Runtime.InteropServices;

namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>glibc's allocator, from which libtorch has its memory. Other C libraries are left alone.</summary>
internal static class Allocator
{
    private const int TrimThreshold = -1, MmapThreshold = -3;

    /// <summary>Results of some megabytes would come as fresh pages from the system each time, and zeroing them takes as long as a product: they are kept for the next instead.</summary>
    public static void KeepLargeBlocks() => OnGlibc(() =>
    {
        _ = MallOpt(MmapThreshold, 64 * 1024 * 1024);
        _ = MallOpt(TrimThreshold, 128 * 1024 * 1024);
    });

    /// <summary>Gives back what loading left behind.</summary>
    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        OnGlibc(() => _ = MallocTrim(0));
    }

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

    [DllImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MallocTrim(nuint pad);
#pragma warning restore SYSLIB1054
}
