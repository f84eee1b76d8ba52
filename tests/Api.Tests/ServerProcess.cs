using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AIChat.Tests;

namespace AIChat.Api.Tests;

/// <summary>The real server as a process of its own, on a port that stays its own through restarts, with a data folder that goes with it.</summary>
public sealed partial class ServerProcess : IAsyncDisposable
{
    private readonly Dictionary<string, string> _environment;
    private readonly bool _ownsData;
    private readonly ReservedPort _port = new();
    private readonly StringBuilder _log = new();
    private Process? _process;

    /// <param name="data">Null: a folder of its own.</param>
    /// <param name="environment">ASPNETCORE_URLS is a port of its own unless it is here.</param>
    public ServerProcess(string? data = null, params (string Name, string Value)[] environment)
    {
        _ownsData = data is null;
        Data = data ?? Directory.CreateTempSubdirectory("aichat-test-").FullName;
        this._environment = environment.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
        Address = new Uri(this._environment.TryGetValue("ASPNETCORE_URLS", out var given) ? given : string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port.Number}/"));
    }

    public static string Program => Path.Combine(AppContext.BaseDirectory, "AIChat.Api.dll");

    public string Data { get; }

    public Uri Address { get; }

    public int Id => _process!.Id;

    /// <summary>What stands behind the program's name on its command line.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>What it wrote to its output, since its first start.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    /// <summary>Starts the program with arguments; whoever does so ends it.</summary>
    public static Process Begin(string folder, params string[] arguments) => Process.Start(Info(folder, [], arguments))!;

    /// <summary>Runs the program with arguments to its end.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(string folder, (string Name, string Value)[] environment, params string[] arguments)
    {
        using var run = Process.Start(Info(folder, environment.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal), arguments))!;
        var output = run.StandardOutput.ReadToEndAsync();
        var error = run.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Eventually.Timeout);
        try
        {
            await run.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!run.HasExited)
                run.Kill();
        }

        return (run.ExitCode, await output, await error);
    }

    public async Task<ServerProcess> StartAsync()
    {
        var all = new Dictionary<string, string>(_environment, StringComparer.Ordinal) { ["AICHAT_DATA"] = Data, ["ASPNETCORE_URLS"] = Address.ToString() };
        if (Environment.GetEnvironmentVariable("MONGODB_URI") is { Length: > 0 } mongo)
            all.TryAdd("MONGODB_URI", OwnDatabase().Replace(mongo, "${server}/" + Path.GetFileName(Data) + "${options}"));
        _process = Process.Start(Info(Path.GetTempPath(), all, [.. Arguments]))!;
        var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.OutputDataReceived += (_, line) =>
        {
            lock (_log)
                _log.AppendLine(line.Data);
            if (line.Data?.Contains(" is ready at ", StringComparison.Ordinal) == true)
                listens.TrySetResult();
        };
        _process.BeginOutputReadLine();
        var error = _process.StandardError.ReadToEndAsync();
        await Task.WhenAny(listens.Task, _process.WaitForExitAsync()).WaitAsync(Eventually.Timeout);
        if (_process.HasExited)
            throw new InvalidOperationException($"The server ended with {_process.ExitCode}: {await error}");
        using var http = new HttpClient { BaseAddress = Address };
        await Eventually.TrueAsync(async () => (await http.GetAsync(new Uri("health/ready", UriKind.Relative))).IsSuccessStatusCode, "the server to be ready");
        return this;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM; the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        using var patience = new CancellationTokenSource(Eventually.Timeout);
        await _process!.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
            await KillAsync();
        _process?.Dispose();
        _port.Dispose();
        if (_ownsData)
            Directory.Delete(Data, recursive: true);
    }

    /// <summary>Where the tests run on MongoDB, each server has a database of its own there, as it has a data folder.</summary>
    [GeneratedRegex("^(?<server>[^:]+://[^/?]+)(/[^?]*)?(?<options>\\?.*)?$", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex OwnDatabase();

    private static ProcessStartInfo Info(string folder, Dictionary<string, string> environment, params string[] arguments)
    {
        var info = new ProcessStartInfo("dotnet", [Program, .. arguments]) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };

        // It does not run for long enough to be worth profiling, a second compilation of what is called 30 times (hexadecimal: 4,000 times), or a heap for each core; and it shares the cores,
        // so that a thread without work gives its core up at once.
        info.Environment["DOTNET_TieredPGO"] = "0";
        info.Environment["DOTNET_TC_CallCountThreshold"] = "FA0";
        info.Environment["DOTNET_gcServer"] = "0";
        info.Environment["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0";
        foreach (var (name, value) in environment)
            info.Environment[name] = value;
        return info;
    }
}
