using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Testcontainers.MongoDb;

namespace AIChat.Tests;

/// <summary>
/// A MongoDB for this test run, started when the first test wants it: what <c>MONGODB_URI</c> names; else a <c>mongod</c> from the PATH; else a container, where Docker
/// answers; else DocumentDB behind a test front (tests/MongoEngine). What was started ends with this process, however that ends.
/// </summary>
internal static class MongoServer
{
    private static readonly Lock Gate = new();
    private static Task<string>? _started;
    private static Process? _engine;
    private static ReservedPort? _port;

    public static Task<string> AddressAsync()
    {
        lock (Gate)
            return _started ??= StartAsync();
    }

    private static async Task<string> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("MONGODB_URI") is { Length: > 0 } given)
            return given;
        if (Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "mongod")).FirstOrDefault(File.Exists) is { } mongod)
            return await MongodAsync(mongod);
        if (await IsDockerThereAsync())
            return await ContainerAsync();

        // It goes when its input ends; a pipe ends with whoever holds the other side.
        _engine = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "AIChat.MongoEngine.dll")])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var failure = _engine.StandardError.ReadToEndAsync();
        return await _engine.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException($"No MongoDB to test against: {(await failure).Trim()} Set MONGODB_URI to one, put mongod on the PATH, or start Docker.");
    }

    private static async Task<string> MongodAsync(string program)
    {
        _port = new ReservedPort();
        var data = Directory.CreateTempSubdirectory("aichat-mongod-").FullName;

        // The shell holds its input open and takes the server and its data along when that ends.
        const string script = "\"$1\" --dbpath \"$2\" --port \"$3\" --bind_ip 127.0.0.1 >/dev/null 2>&1 & server=$!; cat >/dev/null; kill -9 $server; wait; rm -rf \"$2\"";
        _engine = Process.Start(new ProcessStartInfo("sh", ["-c", script, "sh", program, data, _port.Number.ToString(CultureInfo.InvariantCulture)]) { UseShellExecute = false, RedirectStandardInput = true })!;
        await Eventually.TrueAsync(
            async () =>
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
            },
            program);
        return string.Create(CultureInfo.InvariantCulture, $"mongodb://127.0.0.1:{_port.Number}");
    }

    /// <summary>Asked of its socket, which answers or refuses at once; the client library would look for it in many places and at length.</summary>
    private static async Task<bool> IsDockerThereAsync()
    {
        if (Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 })
            return true;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint("/var/run/docker.sock"));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Its own watchman removes it when this process has gone.</summary>
    private static async Task<string> ContainerAsync()
    {
        var container = new MongoDbBuilder("mongo:8").Build();
        await container.StartAsync();
        return container.GetConnectionString();
    }
}
