using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AIChat.Benchmarks.Common;

/// <summary>A server that this tool started: on a free port of 127.0.0.1, with an empty folder for its data. Disposing kills it and deletes the folder.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    static readonly ConcurrentDictionary<int, Process> Alive = [];
    static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    readonly Process _process;
    readonly DirectoryInfo _folder;
    readonly ConcurrentQueue<string> _lastLines = [];

    ServerProcess(Process process, DirectoryInfo folder, Uri url)
    {
        _process = process;
        _folder = folder;
        Url = url;
    }

    public Uri Url { get; }

    public int Pid => _process.Id;

    /// <summary>From the start of the process to the first 200 of /health/ready.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    /// <summary>Starts AIChat.</summary>
    /// <param name="dll">Null: the Release build of src/Api.</param>
    /// <param name="environment">Added to this process's own environment.</param>
    /// <param name="cancellation">Stops the wait, and the server.</param>
    public static Task<ServerProcess> StartAsync(FileInfo? dll, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation) =>
        StartAsync([Locate(dll)], environment, cancellation);

    /// <summary>Starts the peer without storage, with the same kind of garbage collector as AIChat.</summary>
    public static Task<ServerProcess> StartBareAsync(FileInfo? dll, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        var settings = new Dictionary<string, string>(environment);
        var config = Path.ChangeExtension(FindUpwards(dll) ?? "none", ".runtimeconfig.json");
        if (File.Exists(config))
            settings.TryAdd("DOTNET_gcServer", File.ReadAllText(config).Contains("\"System.GC.Server\": true", StringComparison.Ordinal) ? "1" : "0");
        return StartAsync([typeof(ServerProcess).Assembly.Location, "bare-server"], settings, cancellation);
    }

    public ProcessStats? Stats() => ProcessStats.Of(Pid);

    /// <summary>The last resort: what is still running when this process ends.</summary>
    public static void KillAll()
    {
        foreach (var process in Alive.Values)
            Kill(process);
    }

    public async ValueTask DisposeAsync()
    {
        Kill(_process);
        await _process.WaitForExitAsync();
        Alive.TryRemove(Pid, out _);
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    static async Task<ServerProcess> StartAsync(string[] arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("aichat-bench-");
        var url = new Uri($"http://127.0.0.1:{FreePort()}/");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments)
        {
            WorkingDirectory = folder.FullName,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_URLS"] = url.AbsoluteUri.TrimEnd('/');
        start.Environment["AICHAT_DATA"] = folder.FullName;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        var process = new Process { StartInfo = start };
        var server = new ServerProcess(process, folder, url);
        process.OutputDataReceived += (_, line) => server.Remember(line.Data);
        process.ErrorDataReceived += (_, line) => server.Remember(line.Data);
        var started = Stopwatch.GetTimestamp();
        process.Start();
        Alive[process.Id] = process;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await server.WaitUntilReadyAsync(started, cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    async Task WaitUntilReadyAsync(long started, CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(10) };
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri("health/ready", UriKind.Relative), cancellation);
                if (answer.IsSuccessStatusCode)
                {
                    ReadyAfter = Stopwatch.GetElapsedTime(started);
                    return;
                }
            }
            catch (Exception failure) when (failure is HttpRequestException || (failure is TaskCanceledException && !cancellation.IsCancellationRequested))
            {
                // Not listening yet.
            }

            if (_process.HasExited)
                throw new BenchmarkException($"The server ended with exit code {_process.ExitCode} before it was ready:\n{string.Join('\n', _lastLines)}");
            if (Stopwatch.GetElapsedTime(started) > StartLimit)
                throw new BenchmarkException($"The server was not ready within {StartLimit.TotalSeconds} s:\n{string.Join('\n', _lastLines)}");
            await Task.Delay(5, cancellation);
        }
    }

    void Remember(string? line)
    {
        if (line is null)
            return;
        _lastLines.Enqueue(line);
        if (_lastLines.Count > 30)
            _lastLines.TryDequeue(out _);
    }

    static string Locate(FileInfo? dll) =>
        FindUpwards(dll) ?? throw new BenchmarkException(dll is null
            ? "There is no Release build of src/Api: run `dotnet build src/Api -c Release`, or name one with --server."
            : $"--server: there is no file {dll.FullName}.");

    static string? FindUpwards(FileInfo? dll)
    {
        if (dll is not null)
            return dll.Exists ? dll.FullName : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "AIChat.sln")))
                return Path.Combine(folder.FullName, "src/Api/bin/Release/net10.0/AIChat.Api.dll") is var path && File.Exists(path) ? path : null;
        return null;
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself.
        }
    }
}
