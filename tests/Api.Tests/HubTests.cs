using System.Net;
using AIChat.Api.Tests.Contract;
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
        await NextAsync<Room>(heard, "newRoom", told => told.ChannelId == room);
        var position = await ears.AskAsync<Position>("join", room);
        Assert.Equal((0, 0), (position.LastSeq, position.Rev));
        await mouth.AskAsync<Position>("join", room);

        var sent = await mouth.AskAsync<Message>("message", new { channelId = room, content = "점심 메뉴 뭐 먹을까요? 김치찌개 어때요", clientMessageId = "c1" });
        var id = sent.Id;
        var chat = await NextAsync<Message>(heard, "chat");
        Assert.Equal((id, 1L, "점심 메뉴 뭐 먹을까요? 김치찌개 어때요", "c1"), (chat.Id, chat.Seq, chat.Content, chat.ClientMessageId));
        Assert.Equal(sent.CreatedAt, chat.CreatedAt);
        var filed = await NextAsync<Filed>(heard, "topic");
        Assert.Equal((room, id), (filed.ChannelId, filed.MessageId));
        Assert.NotNull(filed.TopicId);
        await NextAsync(heard, "topics");

        await ann.SendAsync(HttpMethod.Patch, $"chat/{room}/messages/{id}", new { content = "된장찌개 어때요" });
        Assert.Equal("된장찌개 어때요", (await NextAsync<Message>(heard, "chatUpdated")).Content);
        await ann.SendAsync(HttpMethod.Post, $"chat/{room}/read", new { seq = 1 });
        Assert.Equal(new ReadMark(room, ann.UserId, 1), await NextAsync<ReadMark>(heard, "read"));
        await ann.SendAsync(HttpMethod.Post, "chat/summary", new { channelId = room });
        Assert.Equal(room, (await NextAsync<Summary>(heard, "summary")).ChannelId);
        await ann.SendAsync(HttpMethod.Delete, $"chat/{room}/messages/{id}");
        Assert.Equal(id, (await NextAsync<Deleted>(heard, "chatDeleted")).Id);
    }

    [Fact]
    public async Task What_was_missed_is_caught_up_with()
    {
        using var ann = await ApiClient.JoinAsync(server.Address, "ann");
        var room = await ann.OpenRoomAsync("missed");
        var first = (await ann.PostAsync(room, "one")).Id;
        await ann.PostAsync(room, "two");
        await ann.SendAsync(HttpMethod.Patch, $"chat/{room}/messages/{first}", new { content = "one, mended" });
        await using var hub = await ann.ConnectAsync();
        await hub.AskAsync<Position>("join", room);

        var missed = await hub.AskAsync<Missed>("sync", new { channelId = room, afterSeq = 1, afterRev = 0 });

        Assert.Equal("two", Assert.Single(missed.Messages).Content);
        Assert.Equal("one, mended", Assert.Single(missed.Changed).Content);
        Assert.Equal((2L, 1L, false), (missed.LastSeq, missed.Rev, missed.More));
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
        await hub.AskAsync<Position>("join", room);
        await FailsAsync("content_empty", "message", new { channelId = room, content = " " });
        await FailsAsync("content_too_long", "message", new { channelId = room, content = new string('x', 4001) });
        await hub.InvokeAsync("leave", room);
        await FailsAsync("not_joined", "message", new { channelId = room, content = "too late" });
        Assert.Empty(await ann.AllMessagesAsync(room));

        async Task FailsAsync(string code, string method, object? argument)
            => Assert.Contains(code + ":", (await Assert.ThrowsAsync<HubException>(() => hub.InvokeAsync<object>(method, argument))).Message, StringComparison.Ordinal);
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
        await hub.AskAsync<Position>("join", room);
        await ann.PostAsync(room, "over an older road");
        Assert.Equal("over an older road", (await NextAsync<Message>(heard, "chat")).Content);
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

        await closed.Task.WaitAsync(Eventually.Timeout);
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
}
