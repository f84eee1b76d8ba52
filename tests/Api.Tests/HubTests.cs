using System.Net;
using System.Text.Json;
using AIChat.Tests;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using static AIChat.Api.Tests.Ears;

namespace AIChat.Api.Tests;

[Collection(OnOneServer.Name)]
public sealed class HubTests(SharedServer server)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_listener_hears_everything_that_happens_in_the_room_in_either_protocol(bool messagePack)
    {
        using var ann = await ApiClient.JoinAsync(server.Address, "ann");
        using var bob = await ApiClient.JoinAsync(server.Address, "bob");
        await using var ears = await bob.ConnectAsync(messagePack);
        await using var mouth = await ann.ConnectAsync();
        var heard = Listen(ears);
        var room = await ann.OpenRoomAsync("heard");
        Assert.Equal(room, (await NextAsync(heard, "newRoom", e => Text(e, "channelId") == room)).GetProperty("channelId").GetString());
        var position = Json(await ears.InvokeAsync<object>("join", room));
        Assert.Equal((0, 0), (position.GetProperty("lastSeq").GetInt64(), position.GetProperty("rev").GetInt64()));
        await mouth.InvokeAsync<JsonElement>("join", room);

        var sent = await mouth.InvokeAsync<JsonElement>("message", new { channelId = room, content = "점심 메뉴 뭐 먹을까요? 김치찌개 어때요", clientMessageId = "c1" });
        var id = sent.GetProperty("id").GetString()!;
        var chat = await NextAsync(heard, "chat");
        Assert.Equal((id, 1L, "점심 메뉴 뭐 먹을까요? 김치찌개 어때요", "c1"), (Text(chat, "id"), chat.GetProperty("seq").GetInt64(), Text(chat, "content"), Text(chat, "clientMessageId")));
        Assert.Equal(Text(sent, "createdAt"), Text(chat, "createdAt"));
        var filed = await NextAsync(heard, "topic");
        Assert.Equal((room, id), (Text(filed, "channelId"), Text(filed, "messageId")));
        Assert.NotNull(Text(filed, "topicId"));
        await NextAsync(heard, "topics");

        await ann.SendAsync(HttpMethod.Patch, $"chat/{room}/messages/{id}", new { content = "된장찌개 어때요" });
        Assert.Equal("된장찌개 어때요", Text(await NextAsync(heard, "chatUpdated"), "content"));
        await ann.SendAsync(HttpMethod.Post, $"chat/{room}/read", new { seq = 1 });
        Assert.Equal((ann.UserId, 1L), (Text(await NextAsync(heard, "read"), "userId"), 1L));
        await ann.SendAsync(HttpMethod.Post, "chat/summary", new { channelId = room });
        Assert.Equal(room, Text(await NextAsync(heard, "summary"), "channelId"));
        await ann.SendAsync(HttpMethod.Delete, $"chat/{room}/messages/{id}");
        Assert.Equal(id, Text(await NextAsync(heard, "chatDeleted"), "id"));
    }

    [Fact]
    public async Task What_was_missed_is_caught_up_with()
    {
        using var ann = await ApiClient.JoinAsync(server.Address, "ann");
        var room = await ann.OpenRoomAsync("missed");
        var first = (await ann.PostAsync(room, "one")).GetProperty("id").GetString();
        await ann.PostAsync(room, "two");
        await ann.SendAsync(HttpMethod.Patch, $"chat/{room}/messages/{first}", new { content = "one, mended" });
        await using var hub = await ann.ConnectAsync();
        await hub.InvokeAsync<JsonElement>("join", room);

        var missed = await hub.InvokeAsync<JsonElement>("sync", new { channelId = room, afterSeq = 1, afterRev = 0 });

        Assert.Equal("two", Text(Assert.Single(missed.GetProperty("messages").EnumerateArray()), "content"));
        Assert.Equal("one, mended", Text(Assert.Single(missed.GetProperty("changed").EnumerateArray()), "content"));
        Assert.Equal((2L, 1L, false), (missed.GetProperty("lastSeq").GetInt64(), missed.GetProperty("rev").GetInt64(), missed.GetProperty("more").GetBoolean()));
    }

    [Fact]
    public async Task Failures_carry_the_same_codes_as_over_REST()
    {
        using var ann = await ApiClient.JoinAsync(server.Address, "ann");
        var room = await ann.OpenRoomAsync("codes");
        await using var hub = await ann.ConnectAsync();

        await FailsAsync("not_joined", "message", new { channelId = room, content = "too early" });
        await FailsAsync("not_joined", "sync", new { channelId = room, afterSeq = 0, afterRev = 0 });
        await FailsAsync("room_not_found", "join", "nowhere");
        await FailsAsync("channel_id_missing", "join", null);
        await hub.InvokeAsync<JsonElement>("join", room);
        await FailsAsync("content_empty", "message", new { channelId = room, content = " " });
        await FailsAsync("content_too_long", "message", new { channelId = room, content = new string('x', 4001) });
        await hub.InvokeAsync("leave", room);
        await FailsAsync("not_joined", "message", new { channelId = room, content = "too late" });
        Assert.Empty(await ann.AllMessagesAsync(room));

        async Task FailsAsync(string code, string method, object? argument)
            => Assert.Contains(code + ":", (await Assert.ThrowsAsync<HubException>(() => hub.InvokeAsync<JsonElement>(method, argument))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task Older_transports_work_too(HttpTransportType transport)
    {
        using var ann = await ApiClient.JoinAsync(server.Address, "ann");
        var room = await ann.OpenRoomAsync("old");
        await using var hub = await ann.ConnectAsync(transport: transport);
        var heard = Listen(hub);
        await hub.InvokeAsync<JsonElement>("join", room);
        await ann.PostAsync(room, "over an older road");
        Assert.Equal("over an older road", Text(await NextAsync(heard, "chat"), "content"));
    }

    [Fact]
    public async Task Logging_out_ends_the_sessions_connections()
    {
        using var ann = await ApiClient.JoinAsync(server.Address, "ann");
        await using var hub = await ann.ConnectAsync();
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Closed += _ =>
        {
            closed.SetResult();
            return Task.CompletedTask;
        };

        await ann.SendAsync(HttpMethod.Post, "user/logout");

        await closed.Task.WaitAsync(Eventually.Patience);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => ann.ConnectAsync());
    }

    [Fact]
    public async Task A_page_of_another_origin_may_not_connect()
    {
        using var ann = await ApiClient.JoinAsync(server.Address, "ann");
        Assert.Equal(HttpStatusCode.Forbidden, await NegotiateAsync("https://evil.example"));
        Assert.Equal(HttpStatusCode.OK, await NegotiateAsync(server.Address.GetLeftPart(UriPartial.Authority)));

        async Task<HttpStatusCode> NegotiateAsync(string origin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "hub/chat/negotiate?negotiateVersion=1");
            request.Headers.Add("Origin", origin);
            using var answer = await ann.Http.SendAsync(request);
            return answer.StatusCode;
        }
    }

    private static readonly JsonSerializerOptions Relaxed = new(JsonSerializerDefaults.Web);
}
