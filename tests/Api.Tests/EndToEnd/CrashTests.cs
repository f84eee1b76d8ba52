using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using AIChat.Api.Tests.Contract;
using AIChat.Tests;
using Microsoft.AspNetCore.SignalR;

namespace AIChat.Api.Tests.EndToEnd;

/// <summary>One server, which each test leaves running as it found it.</summary>
public sealed class CrashTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly ServerProcess _server = shared.Process;

    [Fact]
    public async Task What_was_acknowledged_before_kill_9_is_there_once_and_in_order()
    {
        using var owner = await ApiClient.JoinAsync(_server.Address, "owner");
        var room = await owner.OpenRoomAsync("crash");
        var acknowledged = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var clients = new List<ApiClient>();
        var senders = new List<Task>();
        for (var i = 0; i < 6; i++)
        {
            var client = await ApiClient.JoinAsync(_server.Address, $"person{i}");
            clients.Add(client);
            senders.Add(i % 2 == 0 ? SendOverRestAsync(client, room, i, acknowledged) : await SendOverHubAsync(client, room, i, acknowledged));
        }

        await Eventually.SeenAsync(() => acknowledged.Count, count => count > 150, "150 messages to be acknowledged");
        await _server.KillAsync();
        await Task.WhenAll(senders);
        await _server.StartAsync();

        // What had no answer is sent again with the same id, as a client would.
        foreach (var client in clients)
        {
            var retried = $"{clients.IndexOf(client)}-{acknowledged.Keys.Count(id => id.StartsWith($"{clients.IndexOf(client)}-", StringComparison.Ordinal))}";
            acknowledged[retried] = (await client.PostAsync(room, "message " + retried, retried)).Id;
        }

        var stored = await owner.AllMessagesAsync(room);
        Assert.Equal(Enumerable.Range(1, stored.Count).Select(seq => (long)seq), stored.Select(message => message.Seq));
        var byClientId = stored.ToLookup(message => message.ClientMessageId!, message => message.Id);
        Assert.All(acknowledged, pair => Assert.Equal([pair.Value], byClientId[pair.Key]));
        Assert.Equal(stored.Count, byClientId.Count);
        await owner.AllClassifiedAsync(room);
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task What_a_talk_came_to_is_there_after_kill_9()
    {
        using var owner = await ApiClient.JoinAsync(_server.Address, "owner");
        var room = await owner.OpenRoomAsync("outcome");
        string? last = null;
        foreach (var line in (string[])["which day suits you?", "Friday is fine with me", "Friday at 7pm then, the table is booked"])
            last = (await owner.PostAsync(room, line, replyTo: last)).Id;
        await owner.AllClassifiedAsync(room);
        var before = await Eventually.SeenAsync<Outcome?>(
            async () => Assert.Single(await owner.ItemsAsync<Topic>($"chat/{room}/topics?level=high")).Outcome, outcome => outcome is not null, "an outcome");
        Assert.Contains(last!, before!.Citations);

        await _server.KillAsync();
        await _server.StartAsync();
        Assert.Equivalent(before, Assert.Single(await owner.ItemsAsync<Topic>($"chat/{room}/topics?level=high")).Outcome, strict: true);
    }

    [Fact]
    public async Task An_import_that_is_killed_twice_finishes_without_a_doubled_line()
    {
        const int Lines = 4000;
        using var owner = await ApiClient.JoinAsync(_server.Address, "owner");
        var room = await owner.OpenRoomAsync("import");
        var transcript = new StringBuilder();
        for (var i = 1; i <= Lines; i++)
        {
            transcript.Append(i is 7 or 3001 or 3999
                ? "{ this is no line"
                : $$"""{"nickname":"p{{i % 17}}","content":"line {{i}} 이야기 {{i % 97}} about subject {{i % 31}}","createdAt":"2026-01-05T{{i / 600:00}}:{{i / 10 % 60:00}}:{{i % 10:00}}Z"}""").Append('\n');
        }

        var job = await owner.ImportAsync(room, transcript.ToString());
        foreach (var atLeast in (int[])[500, 2000])
        {
            await Eventually.SeenAsync(async () => (await owner.GetAsync<Job>("jobs/" + job)).Done, done => done >= atLeast, $"{atLeast} lines to be read");
            await _server.KillAsync();
            await _server.StartAsync();
        }

        var done = await owner.JobDoneAsync(job);

        Assert.Equal("succeeded", done.State);
        Assert.Equal(3, done.RejectedCount);
        Assert.Equal([7, 3001, 3999], done.Rejected.Select(line => line.Line));
        Assert.All(done.Rejected, line => Assert.Equal("line_malformed", line.Code));
        var stored = await owner.AllMessagesAsync(room);
        var wanted = Enumerable.Range(1, Lines).Where(i => i is not (7 or 3001 or 3999)).Select(i => $"line {i} ");
        Assert.Equal(wanted, stored.Select(message => message.Content![..(message.Content!.IndexOf('이', StringComparison.Ordinal))]));
        Assert.Equal(Enumerable.Range(1, stored.Count).Select(seq => (long)seq), stored.Select(message => message.Seq));
        await owner.AllClassifiedAsync(room);
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing()
    {
        using var owner = await ApiClient.JoinAsync(_server.Address, "owner");
        var room = await owner.OpenRoomAsync("broken");
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(_server.Address.Host, _server.Address.Port);
            var line = """{"nickname":"a","content":"half","createdAt":"2026-01-05T09:00:00Z"}""" + "\n";
            await socket.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
                $"POST /chat/{room}/import?format=jsonl HTTP/1.1\r\nHost: {_server.Address.Authority}\r\nAuthorization: Bearer {owner.Token}\r\nContent-Length: 100000\r\n\r\n{line}"));
            await Eventually.TrueAsync(() => Directory.Exists(Uploads) && Directory.GetFiles(Uploads).Length > 0, "the upload to begin");
        }

        await Eventually.TrueAsync(() => Directory.GetFiles(Uploads).Length == 0, "the half upload to be removed");
        Assert.Empty(await owner.AllMessagesAsync(room));
    }

    [Fact]
    public async Task SIGTERM_answers_what_was_taken_and_refuses_the_rest()
    {
        using var owner = await ApiClient.JoinAsync(_server.Address, "owner");
        var room = await owner.OpenRoomAsync("drain");
        var acknowledged = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var clients = new List<ApiClient>();
        var senders = new List<Task>();
        for (var i = 0; i < 4; i++)
        {
            var client = await ApiClient.JoinAsync(_server.Address, $"person{i}");
            clients.Add(client);
            senders.Add(i % 2 == 0 ? SendOverRestAsync(client, room, i, acknowledged) : await SendOverHubAsync(client, room, i, acknowledged));
        }

        await Eventually.SeenAsync(() => acknowledged.Count, count => count > 60, "60 messages to be acknowledged");
        Assert.Equal(0, await _server.TerminateAsync());
        await Task.WhenAll(senders);
        await _server.StartAsync();

        var stored = await owner.AllMessagesAsync(room);
        Assert.Equal(stored.Count, stored.Select(message => message.ClientMessageId).Distinct().Count());

        // Nothing acknowledged is missing, and nothing was stored without its sender hearing of it.
        Assert.Equal(acknowledged.Keys.Order(StringComparer.Ordinal), stored.Select(message => message.ClientMessageId!).Order(StringComparer.Ordinal));
        clients.ForEach(client => client.Dispose());
    }

    [Theory]
    [InlineData("SEND_RATE", "abc")]
    [InlineData("COOKIE_SECRET", "short")]
    [InlineData("MONGODB_URI", "http://somewhere")]
    [InlineData("PATH_BASE", "chat")]
    [InlineData("TRUSTED_PROXIES", "nobody")]
    [InlineData("EMBEDDING_MODEL", "no model and no folder")]
    [InlineData("EMBEDDING_MODEL", "/")]
    [InlineData("EMBEDDING_URL", "http://127.0.0.1:1/v1")]
    [InlineData("EMBEDDING_THREADS", "-1")]
    [InlineData("SKIP_MODEL_LOADING", "perhaps")]
    public async Task A_wrong_setting_stops_the_start_with_one_sentence_that_names_it(string name, string value)
    {
        var data = Directory.CreateTempSubdirectory("aichat-test-");
        var (code, _, error) = await ServerProcess.RunAsync(data.FullName, [("AICHAT_DATA", data.FullName), ("ASPNETCORE_URLS", "http://127.0.0.1:0"), (name, value)]);
        data.Delete(recursive: true);

        Assert.Equal(1, code);
        Assert.StartsWith(name, error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }

    [Fact]
    public async Task A_second_server_on_the_same_data_is_refused()
    {
        // Servers may share a MongoDB, but not an embedded database.
        (string Name, string Value) embedded = ("MONGODB_URI", string.Empty);
        await using var first = await new ServerProcess(null, embedded).StartAsync();
        var (code, _, error) = await ServerProcess.RunAsync(Path.GetTempPath(), [("AICHAT_DATA", first.Data), ("ASPNETCORE_URLS", "http://127.0.0.1:0"), embedded]);

        Assert.Equal(1, code);
        Assert.Contains("another server", error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }

    private string Uploads => Path.Combine(_server.Data, "uploads");

    // Each sender goes on until it is not answered any more; then its last message is the only one whose fate it does not know.
    private static async Task SendOverRestAsync(ApiClient client, string room, int person, ConcurrentDictionary<string, string> acknowledged)
    {
        for (var i = 0; ; i++)
        {
            var id = $"{person}-{i}";
            try
            {
                var (status, body) = await client.SendAsync(HttpMethod.Post, $"chat/{room}", new { content = "message " + id, clientMessageId = id });
                if (status != System.Net.HttpStatusCode.Created)
                {
                    Assert.True(body.Code is "draining" or "send_rate_exceeded", body.ToString());
                    if (body.Code == "draining")
                        return;
                    i--;
                    await Task.Delay(100);
                    continue;
                }

                acknowledged[id] = body.As<Message>().Id;
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }

    private static async Task<Task> SendOverHubAsync(ApiClient client, string room, int person, ConcurrentDictionary<string, string> acknowledged)
    {
        var hub = await client.ConnectAsync();
        await hub.AskAsync<Position>("join", room);
        return GoOnAsync();

        async Task GoOnAsync()
        {
            for (var i = 0; ; i++)
            {
                var id = $"{person}-{i}";
                try
                {
                    var message = await hub.AskAsync<Message>("message", new { channelId = room, content = "message " + id, clientMessageId = id });
                    acknowledged[id] = message.Id;
                }
                catch (HubException tooFast) when (tooFast.Message.Contains("send_rate_exceeded", StringComparison.Ordinal))
                {
                    i--;
                    await Task.Delay(100);
                }
                catch (Exception ended) when (ended is HubException or InvalidOperationException or OperationCanceledException or IOException or System.Net.WebSockets.WebSocketException)
                {
                    await hub.DisposeAsync();
                    return;
                }
            }
        }
    }
}
