using System.Runtime.InteropServices;
using System.Text;

namespace AIChat.Infrastructure.Topics.Tensors;

/// <summary>Settings of the C allocator and of libtorch's caches. They apply to glibc only.</summary>
internal static class Allocator
{
    private const int TrimThreshold = -1, MmapThreshold = -3;

    /// <summary>
    /// Capacity of oneDNN's cache of plans, half a megabyte each. Single messages reuse the plans of a few dozen lengths; batches hardly ever have the same number of tokens
    /// again, and would fill a cache of the default size, 1,024.
    /// </summary>
    private static readonly byte[] PrimitiveCacheCapacity = ToCString("128");

    /// <summary>Capacity of libtorch's own cache in front of it, which gains nothing.</summary>
    private static readonly byte[] LruCacheCapacity = ToCString("16");

    /// <summary>Keeps blocks of some megabytes for reuse. Otherwise each result has fresh pages from the system, and zeroing them takes as long as a product.</summary>
    public static void KeepLargeBlocks() => OnGlibc(() =>
    {
        _ = MallOpt(MmapThreshold, 64 * 1024 * 1024);
        _ = MallOpt(TrimThreshold, 128 * 1024 * 1024);
    });

    /// <summary>Limits the caches of oneDNN and libtorch unless the environment sets them. Both read the C library's environment, of which .NET has only a copy.</summary>
    public static void LimitCaches() => OnGlibc(() =>
    {
        _ = SetEnvironment(ToCString("ONEDNN_PRIMITIVE_CACHE_CAPACITY"), PrimitiveCacheCapacity, 0);
        _ = SetEnvironment(ToCString("LRU_CACHE_CAPACITY"), LruCacheCapacity, 0);
    });

    /// <summary>Returns memory that loading a model left unused to the system.</summary>
    public static void Trim()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        OnGlibc(() => _ = MallocTrim(0));
    }

    /// <summary>ASCII with a terminating zero.</summary>
    private static byte[] ToCString(string text) => [.. Encoding.ASCII.GetBytes(text), 0];

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
            // Another C library without these functions.
        }
    }

#pragma warning disable SYSLIB1054 // LibraryImport needs unsafe code
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
