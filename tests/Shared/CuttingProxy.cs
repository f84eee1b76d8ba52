using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MongoDB.Driver;

namespace AIChat.Tests;

/// <summary>
/// Passes bytes on to a MongoDB, until it is told to cut: then every connection breaks at once, in the middle of whatever it carries. Or it falls silent, as a
/// network does when a cable is pulled: connections stay, and nothing comes through.
/// </summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, byte> _sockets = new();
    private readonly MongoUrl _behind;
    private readonly DnsEndPoint _server;
    private readonly Task _accepting;
    private long _passed;

    /// <param name="mongo">The address of what is behind; of several machines, the first.</param>
    public CuttingProxy(string mongo)
    {
        _behind = new MongoUrl(mongo);
        _server = new DnsEndPoint(_behind.Server.Host, _behind.Server.Port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The same MongoDB through this proxy.</summary>
    public MongoUrlBuilder Address => new(_behind.Url)
    {
        Servers = [new MongoServerAddress("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port)],
        DirectConnection = true,
    };

    /// <summary>Whoever connects is hung up on, as if nobody listened.</summary>
    public bool IsAway { get; set; }

    /// <summary>Whoever connects is heard by nobody; what is said is passed on when this ends.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Bytes that went through, either way.</summary>
    public long Passed => Interlocked.Read(ref _passed);

    public void Cut()
    {
        foreach (var socket in _sockets.Keys)
            Break(socket);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Cut();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptSocketAsync();
            }
            catch (SocketException)
            {
                return;
            }

            _ = PassAsync(client);
        }
    }

    private async Task PassAsync(Socket client)
    {
        using var there = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        _sockets[client] = _sockets[there] = 0;
        try
        {
            if (IsAway)
                return;
            while (IsSilent && !_accepting.IsCompleted)
                await Task.Delay(20);
            await there.ConnectAsync(_server);
            await Task.WhenAny(CopyAsync(client, there), CopyAsync(there, client));
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // Either side is gone; so is the other now.
        }
        finally
        {
            _sockets.TryRemove(client, out _);
            _sockets.TryRemove(there, out _);
            Break(client);
            Break(there);
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var read)
            {
                while (IsSilent && _sockets.ContainsKey(from))
                    await Task.Delay(20);
                Interlocked.Add(ref _passed, read);
                for (var sent = 0; sent < read;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    // With a reset rather than a goodbye: what was under way is lost, as when a machine goes.
    private static void Break(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            return;
        }

        socket.Dispose();
    }
}
