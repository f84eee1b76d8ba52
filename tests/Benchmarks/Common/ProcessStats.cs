using System.Globalization;

namespace AIChat.Benchmarks.Common;

/// <summary>What the kernel says of a process.</summary>
/// <param name="CpuSeconds">User and system time since its start, in steps of 10 ms.</param>
/// <param name="RssMb">Resident memory now (VmRSS), MiB.</param>
/// <param name="PeakRssMb">The most that was ever resident (VmHWM), MiB.</param>
internal sealed record ProcessStats(double CpuSeconds, double RssMb, double PeakRssMb)
{
    // USER_HZ: the unit of /proc/PID/stat, 100 on every Linux architecture that .NET runs on.
    const double TicksPerSecond = 100;

    /// <returns>Null where the process is gone or the system has no /proc.</returns>
    public static ProcessStats? Of(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            // The name, second field, may hold blanks and brackets: count from the last bracket. utime and stime are fields 14 and 15.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
            double rss = 0, peak = 0;
            foreach (var line in File.ReadLines($"/proc/{pid}/status"))
            {
                if (line.StartsWith("VmRSS:", StringComparison.Ordinal))
                    rss = Megabytes(line);
                else if (line.StartsWith("VmHWM:", StringComparison.Ordinal))
                    peak = Megabytes(line);
            }

            return new ProcessStats(ticks / TicksPerSecond, rss, peak);
        }
        catch (IOException)
        {
            return null;
        }
    }

    static double Megabytes(string line) =>
        Math.Round(long.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) / 1024.0, 1);
}
