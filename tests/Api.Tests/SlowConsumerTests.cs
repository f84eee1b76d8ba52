using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using AIChat.Api.Tests.Contract;
using AIChat.Tests;
using Microsoft.AspNetCore.SignalR.Client;

namespace AIChat.Api.Tests;

/// <summary>Somebody whose connection takes nothing in while a room is busy.</summary>
public sealed class SlowConsumerTests
{
    // Their bytes fill the sockets' buffers, so that the rest has to wait in the server.
    private const int Messages = 3_000;

    private static readonly string Long = new('x', 3_900);

    [Fact]
    public async Task Who_does_not_read_is_cut_off_while_the_others_hear_everything_and_can_catch_up_afterwards()
    {
        await using var server = await new ServerProcess(null, ("SEND_RATE", "100000")).StartAsync();
        using var sender = await ApiClient.JoinAsync(server.Address, "sender");
        using var sleeper = await ApiClient.JoinAsync(server.Address, "sleeper");
        using var listener = await ApiClient.JoinAsync(server.Address, "listener");
        var room = await sender.OpenRoomAsync("busy");

        var heard = 0;
        await using var awake = await listener.ConnectAsync();
        awake.On<object>("chat", _ => Interlocked.Increment(ref heard));
        await awake.AskAsync<Position>("join", room);
        using var asleep = new ClientWebSocket();
        asleep.Options.SetRequestHeader("Authorization", "Bearer " + sleeper.Token);
        await asleep.ConnectAsync(new Uri(server.Address.ToString().Replace("http:", "ws:", StringComparison.Ordinal) + "hub/chat"), CancellationToken.None);
        await SayAsync(asleep, """{"protocol":"json","version":1}""");
        await SayAsync(asleep, JsonSerializer.Serialize(new { type = 1, invocationId = "1", target = "join", arguments = (string[])[room] }));
        await HearAsync(asleep, "\"invocationId\":\"1\"");

        await Parallel.ForAsync(0, Messages, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) => await sender.PostAsync(room, $"{i} {Long}"));

        await Eventually.SeenAsync(() => Volatile.Read(ref heard), count => count == Messages, "the listener to hear every message");
        Assert.True(await IsCutAsync(asleep));

        // Back again, it asks for what it has missed.
        await using var back = await sleeper.ConnectAsync();
        await back.AskAsync<Position>("join", room);
        var missed = await back.AskAsync<Missed>("sync", new { channelId = room, afterSeq = Messages - 5, afterRev = 0 });
        Assert.Equal(Enumerable.Range(Messages - 4, 5).Select(seq => (long)seq), missed.Messages.Select(message => message.Seq));
    }

    private static Task SayAsync(ClientWebSocket socket, string message)
        => socket.SendAsync(Encoding.UTF8.GetBytes(message + "\u001e"), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private static async Task HearAsync(ClientWebSocket socket, string part)
    {
        var buffer = new byte[16 * 1024];
        var heard = new StringBuilder();
        while (!heard.ToString().Contains(part, StringComparison.Ordinal))
            heard.Append(Encoding.UTF8.GetString(buffer, 0, (await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None)).Count));
    }

    // What lay in the buffers comes first, then the end.
    private static async Task<bool> IsCutAsync(ClientWebSocket socket)
    {
        var buffer = new byte[1024 * 1024];
        try
        {
            while (socket.State == WebSocketState.Open)
            {
                using var patience = new CancellationTokenSource(Eventually.Timeout);
                if ((await socket.ReceiveAsync(buffer.AsMemory(), patience.Token)).MessageType == WebSocketMessageType.Close)
                    return true;
            }
        }
        catch (WebSocketException)
        {
            return true;
        }

        return socket.State != WebSocketState.Open;
    }
}
