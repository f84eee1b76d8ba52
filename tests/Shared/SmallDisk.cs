using System.Diagnostics;

namespace AIChat.Tests;

/// <summary>A small file system in memory.</summary>
internal sealed class SmallDisk(int megabytes = 4)
{
    private static readonly Lazy<bool> Possible = new(Try);

    private bool _mounted;

    /// <summary>Whether this process may mount one.</summary>
    public static bool IsPossible => Possible.Value;

    public string Folder { get; } = Directory.CreateTempSubdirectory("aichat-disk-").FullName;

    private string Filler => Path.Combine(Folder, "filler");

    public void Mount() => _mounted = Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", Folder) ? true : throw new InvalidOperationException("The small disk cannot be mounted.");

    /// <summary>Takes all space but so many bytes.</summary>
    public void Fill(int leaving)
    {
        using var file = new FileStream(Filler, FileMode.Append);
        var page = new byte[4096];
        for (var left = new DriveInfo(Folder).AvailableFreeSpace - leaving; left > 0; left -= page.Length)
        {
            file.Write(page);
            file.Flush();
        }
    }

    public void Free() => File.Delete(Filler);

    public void GiveBack()
    {
        if (_mounted)
            Run("umount", Folder);
        Directory.Delete(Folder, recursive: true);
    }

    private static bool Try()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return false;
        var disk = new SmallDisk();
        disk._mounted = Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.Folder);
        disk.GiveBack();
        return disk._mounted;
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true });
            process!.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

/// <summary>A test that needs a <see cref="SmallDisk"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute()
    {
        if (!SmallDisk.IsPossible)
            Skip = "A small file system can be mounted only by root on Linux.";
    }
}
