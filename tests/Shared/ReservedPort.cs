using System.Net;
using System.Net.Sockets;

namespace AIChat.Tests;

/// <summary>
/// A port of 127.0.0.1 for a server that is told its port, and has to find it again after a restart. It is bound here as long as this lives, without listening: the system gives it to nobody else, and Linux lets a
/// server that asks for it by number (and sets SO_REUSEADDR, as all of them do) listen on it. Elsewhere it is only one that was free.
/// </summary>
internal sealed class ReservedPort : IDisposable
{
    private readonly Socket _holder = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ReservedPort()
    {
        // On Unix .NET sets SO_REUSEADDR with it.
        _holder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Number = ((IPEndPoint)_holder.LocalEndPoint!).Port;
        if (!OperatingSystem.IsLinux())
            _holder.Dispose();
    }

    public int Number { get; }

    public void Dispose() => _holder.Dispose();
}
