using System.Net;
using System.Net.Sockets;

namespace AIChat.Infrastructure.Tests.Persistence;

/// <summary>
/// A connection to a database that breaks after the database did what it was asked and before the answer arrives: the case in which a driver asks again what was
/// done already.
/// </summary>
internal sealed class LossyWire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly List<Task> _pumps = [];
    private string _host = string.Empty;
    private int _port;
    private Task? _accepting;
    private byte[] _victim = [];
    private int _toLose;

    /// <summary>How many answers are still to be lost.</summary>
    public int ToLose => Volatile.Read(ref _toLose);

    public static LossyWire Lay() => new();

    /// <summary>The same database through this wire.</summary>
    public string Through(string uri)
    {
        if (_accepting is null)
        {
            _listener.Start();
            _accepting = AcceptAsync();
        }

        var server = new MongoDB.Driver.MongoUrlBuilder(uri);
        (_host, _port) = (server.Server.Host, server.Server.Port);
        server.Server = new MongoDB.Driver.MongoServerAddress("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);
        server.DirectConnection = true;
        return server.ToString();
    }

    /// <summary>Loses the answers to the next so many commands on a collection.</summary>
    public void Lose(int answers, string command, string collection)
    {
        // In BSON: the command's name, then its value, a string with its length.
        _victim = [.. System.Text.Encoding.UTF8.GetBytes(command), 0, (byte)(collection.Length + 1), 0, 0, 0, .. System.Text.Encoding.UTF8.GetBytes(collection), 0];
        Volatile.Write(ref _toLose, answers);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        if (_accepting is not null)
            await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_pumps).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
            _pumps.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_closing.Token)));
    }

    private async Task ServeAsync(TcpClient accepted)
    {
        using var client = accepted;
        using var server = new TcpClient();
        await server.ConnectAsync(_host, _port, _closing.Token);
        client.NoDelay = server.NoDelay = true;
        var loses = false;
        var asked = PumpAsync(client.GetStream(), server.GetStream(), chunk =>
        {
            if (Volatile.Read(ref _toLose) > 0 && chunk.IndexOf(_victim) >= 0 && Interlocked.Decrement(ref _toLose) >= 0)
                Volatile.Write(ref loses, true);
            return true;
        });
        var answered = PumpAsync(server.GetStream(), client.GetStream(), _ => !Volatile.Read(ref loses));
        await Task.WhenAny(asked, answered);
    }

    private delegate bool Passes(ReadOnlySpan<byte> chunk);

    private async Task PumpAsync(NetworkStream from, NetworkStream to, Passes passes)
    {
        var buffer = new byte[1 << 16];
        while (await from.ReadAsync(buffer, _closing.Token) is > 0 and var read && passes(buffer.AsSpan(0, read)))
            await to.WriteAsync(buffer.AsMemory(0, read), _closing.Token);
    }
}
