using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MongoDB.Bson;
using Npgsql;

namespace AIChat.MongoEngine;

/// <summary>MongoDB's wire protocol on 127.0.0.1: frames in, frames out. See https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/.</summary>
internal sealed class Front : IDisposable
{
    private const int HeadLength = 16;
    private const int MaxLength = 48_000_000;
    private const int OpReply = 1;
    private const int OpQuery = 2004;
    private const int OpMsg = 2013;
    private const int ChecksumPresent = 1;
    private const int MoreToCome = 2;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Commands _commands;
    private int _replies;

    public Front(string postgres, Topology topology)
    {
        _listener.Start();
        _commands = new Commands(NpgsqlDataSource.Create(postgres), topology, Port);
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose()
    {
        _listener.Dispose();
        _commands.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync());
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            // No more.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        var head = new byte[HeadLength];
        try
        {
            while (await stream.ReadAtLeastAsync(head, HeadLength, throwOnEndOfStream: false) == HeadLength)
            {
                var length = Int(head, 0);
                if (length is < HeadLength or > MaxLength)
                    return;
                var body = new byte[length - HeadLength];
                await stream.ReadExactlyAsync(body);
                if (await AnswerAsync(Int(head, 12), body) is { } reply)
                    await stream.WriteAsync(Framed(reply, request: Int(head, 4), asReply: Int(head, 12) == OpQuery));
            }
        }
        catch (IOException)
        {
            // Whoever asked is gone.
        }
    }

    /// <summary>Null: none is wanted.</summary>
    private async Task<byte[]?> AnswerAsync(int operation, byte[] body)
    {
        try
        {
            if (operation == OpQuery)
            {
                // Flags, the collection's name, two numbers, the command.
                var end = Array.IndexOf(body, (byte)0, 4);
                return await _commands.RunAsync(Document(body, end + 9), [], Encoding.UTF8.GetString(body, 4, end - 4).Split('.')[0]);
            }

            if (operation != OpMsg)
                throw new IOException("Not a message.");
            var (command, documents) = Sections(body);
            var answer = await _commands.RunAsync(command, documents, database: null);
            return (Int(body, 0) & MoreToCome) == 0 ? answer : null;
        }
        catch (Exception failure) when (failure is not IOException)
        {
            return MongoError.From(failure).ToDocument().ToBson();
        }
    }

    /// <summary>The command, and the documents that came beside it in a sequence of their own.</summary>
    private static (byte[] Command, byte[] Documents) Sections(byte[] body)
    {
        byte[] command = [], documents = [];
        var end = body.Length - ((Int(body, 0) & ChecksumPresent) != 0 ? 4 : 0);
        for (var at = 4; at < end;)
        {
            if (body[at++] == 0)
            {
                command = Document(body, at);
                at += command.Length;
                continue;
            }

            var length = Int(body, at);
            var name = Array.IndexOf(body, (byte)0, at + 4);
            documents = body[(name + 1)..(at + length)];
            at += length;
        }

        return (command, documents);
    }

    private byte[] Framed(byte[] reply, int request, bool asReply)
    {
        var start = HeadLength + (asReply ? 20 : 5);
        var frame = new byte[start + reply.Length];
        Write(frame, 0, frame.Length);
        Write(frame, 4, Interlocked.Increment(ref _replies));
        Write(frame, 8, request);
        Write(frame, 12, asReply ? OpReply : OpMsg);
        if (asReply)
        {
            frame[16] = 8; // "may wait for more"
            frame[32] = 1; // one document
        }

        reply.CopyTo(frame, start);
        return frame;
    }

    private static byte[] Document(byte[] bytes, int at) => bytes[at..(at + Int(bytes, at))];

    private static int Int(byte[] bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));

    private static void Write(byte[] bytes, int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
}
