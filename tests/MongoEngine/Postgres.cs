using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using AIChat.Tests;
using Npgsql;

namespace AIChat.MongoEngine;

/// <summary>PostgreSQL with DocumentDB, unpacked once for a machine, with data of its own that goes with it.</summary>
internal sealed class Postgres : IAsyncDisposable
{
    private const string Nobody = "65534";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly string _root;
    private readonly string _data;
    private readonly ReservedPort _port = new();
    private Process? _server;

    private Postgres(string root, string data) => (this._root, this._data) = (root, data);

    public string ConnectionString => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _port.Number,
        Username = "postgres",
        Database = "postgres",
        MaxPoolSize = 150,
        NoResetOnClose = true,
        MaxAutoPrepare = 64,
        AutoPrepareMinUsages = 2,
        SearchPath = "documentdb_api_catalog,documentdb_api,public",
    }.ConnectionString;

    /// <exception cref="InvalidOperationException">With what is missing.</exception>
    public static async Task<Postgres> StartAsync()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            throw new InvalidOperationException("The engine runs on Linux (x64) alone; set MONGODB_URI to a MongoDB, such as mongodb://127.0.0.1:27017.");
        var postgres = new Postgres(await RootAsync(), Directory.CreateTempSubdirectory("aichat-mongo-").FullName);
        try
        {
            await postgres.MakeAsync();
            await postgres.RunAsync();
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_server is not null)
        {
            // Its watchman ends it, and removes the data.
            _server.StandardInput.Close();
            await _server.WaitForExitAsync();
            _server.Dispose();
        }

        _port.Dispose();
        if (Directory.Exists(_data))
            Directory.Delete(_data, recursive: true);
    }

    private static async Task<string> RootAsync()
    {
        // Not below the home folder: PostgreSQL refuses to be root and has to read it as somebody else.
        var user = Environment.UserName;
        var cache = Environment.GetEnvironmentVariable("AICHAT_MONGO_ENGINE") ?? Path.Combine(Path.GetTempPath(), $"aichat-mongo-engine-{user}");
        var unpacked = Path.Combine(cache, "postgresql-18");
        if (!Directory.Exists(unpacked))
            await RunAsync("bash", Path.Combine(AppContext.BaseDirectory, "make-root.sh"), unpacked);
        return unpacked;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{Path.GetFileName(program)} ended with {process.ExitCode}: {error}{await output}");
    }

    private async Task MakeAsync()
    {
        if (Environment.IsPrivilegedProcess)
            await RunAsync("chown", $"{Nobody}:{Nobody}", _data);
        var (program, arguments) = Call("initdb", ["-D", _data, "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]);
        await RunAsync(program, arguments);
    }

    private async Task RunAsync()
    {
        // Nothing here outlives a test, so nothing waits for the disk. While a table is small, the planner must not come to know it: plans are to be those of large ones.
        string[] settings =
        [
            "listen_addresses=127.0.0.1", "unix_socket_directories=", "shared_preload_libraries=pg_cron,pg_documentdb_core,pg_documentdb,pg_documentdb_extended_rum", "cron.database_name=postgres",
            "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "jit=off",
            "autovacuum_analyze_threshold=50000", "autovacuum_vacuum_threshold=50000", "autovacuum_vacuum_insert_threshold=50000", "autovacuum_naptime=15s",
            "documentdb_core.enableCollation=on",

            // Its unique indexes are exclusion constraints: those who insert the same key at once wait for each other, and only the search for deadlocks parts them.
            "deadlock_timeout=10ms",

            // Indexes of its other kind cannot be read in their order: a page would sort the whole room.
            "documentdb.alternate_index_handler_name=extended_rum",
        ];
        var (program, arguments) = Call("postgres", ["-D", _data, "-p", _port.Number.ToString(CultureInfo.InvariantCulture), .. settings.SelectMany(setting => (string[])["-c", setting])]);

        // A watchman holds our end of a pipe, and ends the server when we are gone, however we went. (PR_SET_PDEATHSIG would act on the end of the thread that started it.)
        const string watchman = "data=$1; shift; \"$@\" & server=$!; cat >/dev/null; kill -QUIT $server; wait $server; rm -rf \"$data\"";
        _server = Process.Start(new ProcessStartInfo("sh", ["-c", watchman, "sh", _data, program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var log = new List<string>();
        _server.ErrorDataReceived += (_, line) => log.Add(line.Data ?? string.Empty);
        _server.BeginErrorReadLine();
        _server.BeginOutputReadLine();
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString);
                await connection.OpenAsync();
                await using var make = new NpgsqlCommand("CREATE EXTENSION IF NOT EXISTS documentdb CASCADE; CREATE EXTENSION IF NOT EXISTS documentdb_extended_rum CASCADE", connection);
                await make.ExecuteNonQueryAsync();
                return;
            }
            catch (Exception failure) when (failure is NpgsqlException and not PostgresException { SqlState: not "57P03" } or SocketException)
            {
                if (_server.HasExited || Stopwatch.GetElapsedTime(begun) > Patience)
                    throw new InvalidOperationException("PostgreSQL did not start: " + string.Join(' ', log.TakeLast(5)), failure);
                await Task.Delay(50);
            }
        }
    }

    /// <summary>Its programs refuse to be root.</summary>
    private (string Program, string[] Arguments) Call(string name, string[] arguments)
    {
        string[] plain = ["env", "-i", "PATH=/usr/bin:/bin", "HOME=/tmp", "LC_ALL=C", "TZ=UTC", Path.Combine(_root, "usr/lib/postgresql/18/bin", name), .. arguments];
        return Environment.IsPrivilegedProcess ? ("setpriv", [$"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", .. plain]) : (plain[0], plain[1..]);
    }
}
