using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AIChat.Api.Tests.Contract;

namespace AIChat.Api.Tests;

[Collection(OnOneServer.Name)]
public sealed class ErrorTests(SharedServer server) : IAsyncLifetime
{
    private ApiClient _ann = null!;
    private ApiClient _bob = null!;
    private string _room = null!;
    private string _message = null!;

    public async Task InitializeAsync()
    {
        _ann = await ApiClient.JoinAsync(server.Address, "ann");
        _bob = await ApiClient.JoinAsync(server.Address, "bob");
        _room = await _ann.OpenRoomAsync("errors");
        _message = (await _ann.PostAsync(_room, "the only message", "first")).Id;
    }

    public Task DisposeAsync()
    {
        _ann.Dispose();
        _bob.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("POST", "chat/{room}", null, 400, "body_missing")]
    [InlineData("POST", "chat/{room}", "", 400, "body_missing")]
    [InlineData("POST", "chat/{room}", "{ not json", 400, "body_malformed")]
    [InlineData("POST", "chat/{room}", "[]", 400, "body_malformed")]
    [InlineData("POST", "chat/{room}", """{"content":5}""", 400, "body_malformed")]
    [InlineData("POST", "chat/{room}", "{}", 400, "content_empty")]
    [InlineData("POST", "chat/{room}", """{"content":" \n"}""", 400, "content_empty")]
    [InlineData("POST", "chat/{room}", """{"content":"\u0000"}""", 400, "content_bad")]
    [InlineData("POST", "chat/{room}", """{"content":"x","clientMessageId":""}""", 400, "client_message_id_bad")]
    [InlineData("POST", "chat/{room}", """{"content":"other words","clientMessageId":"first"}""", 409, "client_message_id_reused")]
    [InlineData("POST", "chat/{room}", """{"content":"x","replyTo":"nothing"}""", 400, "reply_to_not_found")]
    [InlineData("POST", "chat/nowhere", """{"content":"x"}""", 404, "room_not_found")]
    [InlineData("GET", "chat/nowhere", null, 404, "room_not_found")]
    [InlineData("POST", "chat", """{"channelName":"  "}""", 400, "room_name_empty")]
    [InlineData("POST", "chat", """{"channelName":"a\nb"}""", 400, "room_name_bad")]
    [InlineData("GET", "chat?limit=0", null, 400, "limit_out_of_range")]
    [InlineData("GET", "chat?limit=101", null, 400, "limit_out_of_range")]
    [InlineData("GET", "chat?limit=many", null, 400, "parameter_malformed")]
    [InlineData("GET", "chat?cursor=!!", null, 400, "cursor_bad")]
    [InlineData("GET", "chat/{room}/messages?before=3&after=1", null, 400, "before_and_after")]
    [InlineData("GET", "chat/{room}/messages?q=%20", null, 400, "query_bad")]
    [InlineData("GET", "chat/{room}/messages?topicId=none", null, 404, "topic_not_found")]
    [InlineData("GET", "chat/{room}/topics?level=deep", null, 400, "level_bad")]
    [InlineData("PATCH", "chat/{room}/messages/none", """{"content":"x"}""", 404, "message_not_found")]
    [InlineData("POST", "chat/{room}/read", """{"seq":-1}""", 400, "seq_out_of_range")]
    [InlineData("POST", "chat/summary", """{"channelId":"{room}","howmany":0}""", 400, "howmany_out_of_range")]
    [InlineData("POST", "chat/summary", """{"channelId":"{room}","howmany":1001}""", 400, "howmany_out_of_range")]
    [InlineData("POST", "chat/summary", """{"channelId":"{room}","since":"yesterdayish"}""", 400, "since_bad")]
    [InlineData("POST", "chat/summary", """{"channelId":"nowhere"}""", 404, "room_not_found")]
    [InlineData("GET", "chat/{room}/summary", null, 404, "summary_not_found")]
    [InlineData("POST", "chat/{room}/import?format=carrier-pigeon", "x", 400, "format_unknown")]
    [InlineData("POST", "chat/{room}/import?format=irc&date=31.12.2026", "x", 400, "date_bad")]
    [InlineData("POST", "chat/{room}/import?format=jsonl", "", 400, "upload_empty")]
    [InlineData("GET", "chat/{room}/export?format=pdf", null, 400, "format_unknown")]
    [InlineData("GET", "jobs/none", null, 404, "job_not_found")]
    [InlineData("GET", "user/nobody-of-that-name", null, 404, "user_not_found")]
    [InlineData("PATCH", "user/me", """{"nickname":""}""", 400, "nickname_empty")]
    [InlineData("POST", "user", """{"nickname":"x","userId":"a b"}""", 400, "user_id_bad")]
    [InlineData("POST", "predict", """{"chats":[{"id":"1"}]}""", 400, "chat_malformed")]
    [InlineData("POST", "predict", """{"chats":[],"mode":"sideways"}""", 400, "mode_bad")]
    [InlineData("POST", "predict", "{}", 400, "chats_missing")]
    [InlineData("GET", "nothing/here", null, 404, "route_not_found")]
    [InlineData("PUT", "chat/{room}/messages/{message}/reactions/x", null, 404, "route_not_found")]
    [InlineData("GET", "chat/{room}/members", null, 404, "route_not_found")]
    [InlineData("GET", "metrics", null, 404, "route_not_found")]
    public async Task Bad_input_has_its_own_code_and_changes_nothing(string method, string path, string? body, int status, string code)
    {
        HttpContent? content = body is null ? null : new StringContent(body.Replace("{room}", _room, StringComparison.Ordinal), Encoding.UTF8, "application/json");
        var (answered, problem) = await _ann.SendAsync(new HttpMethod(method), path.Replace("{room}", _room, StringComparison.Ordinal).Replace("{message}", _message, StringComparison.Ordinal), content);

        Assert.Equal((status, code), ((int)answered, problem.Code));
        Assert.DoesNotContain("   at ", problem.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", problem.ToString(), StringComparison.Ordinal);
        Assert.Single(await _ann.AllMessagesAsync(_room));
    }

    [Theory]
    [InlineData("GET", "nothing/here")]
    [InlineData("GET", "chat/nowhere")]
    [InlineData("POST", "chat/{room}")]
    [InlineData("DELETE", "chat/{room}")]
    [InlineData("GET", "chat?limit=many")]
    public async Task A_problem_is_as_guarded_against_browsers_as_any_other_answer(string method, string path)
    {
        using var page = await _ann.Http.GetAsync(new Uri(string.Empty, UriKind.Relative));
        using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("{room}", _room, StringComparison.Ordinal)) { Content = new StringContent("{ not json", Encoding.UTF8, "application/json") };
        using var problem = await _ann.Http.SendAsync(request);

        Assert.InRange((int)problem.StatusCode, 400, 499);
        foreach (var header in (string[])["Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"])
            Assert.Equal(page.Headers.GetValues(header), problem.Headers.GetValues(header));
    }

    [Fact]
    public async Task Four_thousand_characters_are_a_message_and_one_more_is_not()
    {
        var emoji = string.Concat(Enumerable.Repeat("🐈", 4000));
        Assert.Equal(emoji, (await _ann.PostAsync(_room, emoji)).Content);
        var (status, problem) = await _ann.SendAsync(HttpMethod.Post, $"chat/{_room}", new { content = emoji + "!" });
        Assert.Equal((HttpStatusCode.BadRequest, "content_too_long"), (status, problem.Code));
    }

    [Fact]
    public async Task Nobody_changes_what_another_said_or_fills_anothers_room()
    {
        var (edit, first) = await _bob.SendAsync(HttpMethod.Patch, $"chat/{_room}/messages/{_message}", new { content = "mine now" });
        var (remove, second) = await _bob.SendAsync(HttpMethod.Delete, $"chat/{_room}/messages/{_message}");
        var (import, third) = await _bob.SendAsync(HttpMethod.Post, $"chat/{_room}/import?format=irc", new StringContent("[10:00] <a> hi"));

        Assert.Equal((HttpStatusCode.Forbidden, "message_not_yours"), (edit, first.Code));
        Assert.Equal((HttpStatusCode.Forbidden, "message_not_yours"), (remove, second.Code));
        Assert.Equal((HttpStatusCode.Forbidden, "room_owner_only"), (import, third.Code));
        Assert.Equal("the only message", Assert.Single(await _ann.AllMessagesAsync(_room)).Content);
    }

    [Fact]
    public async Task Every_route_but_the_open_ones_asks_who_it_is()
    {
        using var stranger = new HttpClient { BaseAddress = server.Address };
        using var document = JsonDocument.Parse(await stranger.GetStringAsync("openapi/v1.json"));
        var asked = 0;
        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject())
        {
            foreach (var method in path.Value.EnumerateObject().Select(entry => entry.Name).Where(_ => !path.Name.StartsWith("/health", StringComparison.Ordinal)))
            {
                if ((path.Name, method) == ("/user", "post"))
                    continue;
                using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), path.Name.Replace('{', 'x').Replace('}', 'x'));
                using var answer = await stranger.SendAsync(request);
                if (path.Name == "/usage")
                {
                    // For the operator, and this server has none.
                    Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
                    continue;
                }

                Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path.Name}: {answer.StatusCode}");
                Assert.Equal("not_signed_in", new Answer(await answer.Content.ReadAsStringAsync()).Code);
                asked++;
            }
        }

        Assert.True(asked > 15, $"Only {asked} routes were found.");
    }

    [Fact]
    public async Task A_forged_token_is_refused_and_so_is_one_that_was_logged_out()
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        foreach (var forged in (string[])["nonsense", _ann.Token[..^1] + (_ann.Token[^1] == '0' ? '1' : '0'), "." + _ann.Token])
            Assert.Equal("token_invalid", await CodeAsync(forged));
        using var leaver = await ApiClient.JoinAsync(server.Address, "leaver");
        await leaver.SendAsync(HttpMethod.Post, "user/logout");
        Assert.Equal("token_invalid", await CodeAsync(leaver.Token));

        async Task<string> CodeAsync(string token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "user/me");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await http.SendAsync(request);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            return new Answer(await answer.Content.ReadAsStringAsync()).Code;
        }
    }

    [Fact]
    public async Task Sending_too_fast_is_429_with_a_time_to_come_back()
    {
        // One message a second, and many at once: however slow the machine is, some come too soon.
        await using var strict = await new ServerProcess(null, ("SEND_RATE", "1/1")).StartAsync();
        using var hasty = await ApiClient.JoinAsync(strict.Address, "hasty");
        var here = new Uri($"chat/{await hasty.OpenRoomAsync("in a hurry")}", UriKind.Relative);
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => hasty.Http.PostAsJsonAsync(here, new { content = "again" })));
        var refused = Array.Find(answers, answer => answer.StatusCode == HttpStatusCode.TooManyRequests);

        Assert.NotNull(refused);
        Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Equal("send_rate_exceeded", new Answer(await refused.Content.ReadAsStringAsync()).Code);
    }
}
