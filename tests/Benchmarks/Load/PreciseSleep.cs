using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AIChat.Benchmarks.Load;

/// <summary>
/// Sleeps to within some 0.1 ms. <see cref="Thread.Sleep(int)"/> counts whole milliseconds, which would be charged to the server, and spinning would take
/// the server's core.
/// </summary>
internal static class PreciseSleep
{
    public static void Until(long timestamp)
    {
        while (timestamp - Stopwatch.GetTimestamp() is > 0 and var left)
        {
            var nanoseconds = (long)(left * 1e9 / Stopwatch.Frequency);
            if (OperatingSystem.IsLinux())
            {
                var time = new TimeSpec { Seconds = (nint)(nanoseconds / 1_000_000_000), Nanoseconds = (nint)(nanoseconds % 1_000_000_000) };
                _ = NanoSleep(in time, 0);
            }
            else
            {
                Thread.Sleep((int)Math.Max(1, nanoseconds / 1_000_000));
            }
        }
    }

    [DllImport("libc", EntryPoint = "nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int NanoSleep(in TimeSpec time, nint remaining);

    struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
