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
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, byte> sockets = new();
    private readonly MongoUrl behind;
    private readonly DnsEndPoint server;
    private readonly Task accepting;
    private long passed;

    /// <param name="mongo">The address of what is behind; of several machines, the first.</param>
    public CuttingProxy(string mongo)
    {
        behind = new MongoUrl(mongo);
        server = new DnsEndPoint(behind.Server.Host, behind.Server.Port);
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>The same MongoDB through this proxy.</summary>
    public MongoUrlBuilder Address => new(behind.Url)
    {
        Servers = [new MongoServerAddress("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port)],
        DirectConnection = true,
    };

    /// <summary>Whoever connects is hung up on, as if nobody listened.</summary>
    public bool IsAway { get; set; }

    /// <summary>Whoever connects is heard by nobody; what is said is passed on when this ends.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Bytes that went through, either way.</summary>
    public long Passed => Interlocked.Read(ref passed);

    public void Cut()
    {
        foreach (var socket in sockets.Keys)
            Break(socket);
    }

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        Cut();
        await accepting;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptSocketAsync();
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
        sockets[client] = sockets[there] = 0;
        try
        {
            if (IsAway)
                return;
            while (IsSilent && !accepting.IsCompleted)
                await Task.Delay(20);
            await there.ConnectAsync(server);
            await Task.WhenAny(CopyAsync(client, there), CopyAsync(there, client));
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // Either side is gone; so is the other now.
        }
        finally
        {
            sockets.TryRemove(client, out _);
            sockets.TryRemove(there, out _);
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
                while (IsSilent && sockets.ContainsKey(from))
                    await Task.Delay(20);
                Interlocked.Add(ref passed, read);
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
