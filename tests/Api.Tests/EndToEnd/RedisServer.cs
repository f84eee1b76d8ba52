using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AIChat.Tests;

namespace AIChat.Api.Tests.EndToEnd;

/// <summary>A real Redis that keeps nothing, at the same port whenever it is started again.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly ReservedPort _port = new();
    private Process? _process;

    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists);

    public string Address => string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{_port.Number}");

    public async Task StartAsync()
    {
        // The shell holds its input open and takes the server along when that ends, however we end.
        const string script = "\"$1\" --port \"$2\" --bind 127.0.0.1 --save '' --appendonly no --dir /tmp >/dev/null 2>&1 & server=$!; cat >/dev/null; kill -9 $server";
        _process = Process.Start(new ProcessStartInfo("sh", ["-c", script, "sh", Program!, _port.Number.ToString(CultureInfo.InvariantCulture)]) { UseShellExecute = false, RedirectStandardInput = true })!;
        await Eventually.TrueAsync(async () =>
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, _port.Number);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }, "Redis");
    }

    public async Task KillAsync()
    {
        if (_process is null)
            return;
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _port.Dispose();
    }
}

/// <summary>Skipped where there is no Redis to start.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactWithRedisAttribute : FactAttribute
{
    public FactWithRedisAttribute()
    {
        if (!OperatingSystem.IsLinux() || RedisServer.Program is null)
            Skip = "There is no redis-server on the PATH: install Debian's redis-server.";
    }
}
