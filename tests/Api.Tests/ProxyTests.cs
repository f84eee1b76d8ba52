using System.Net;
using System.Net.Http.Json;
using AIChat.Api.Tests.Contract;

namespace AIChat.Api.Tests;

/// <summary>Behind a proxy, under a path, and called by pages of other origins.</summary>
public sealed class ProxyTests(ProxyTests.FriendlyServer friendly) : IClassFixture<ProxyTests.FriendlyServer>
{
    private const string Friend = "https://friend.example";

    [Fact]
    public async Task Pages_of_origins_that_are_listed_may_call_with_the_cookie_and_others_may_not()
    {
        using var http = Plain(friendly.Address);

        using var allowed = await PreflightAsync(http, Friend);
        Assert.Equal(Friend, Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal("true", Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Credentials")));
        using var refused = await PreflightAsync(http, "https://foe.example");
        Assert.False(refused.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData(Friend, HttpStatusCode.OK)]
    [InlineData("https://foe.example", HttpStatusCode.Forbidden)]
    public async Task The_hub_asks_the_origin_too(string origin, HttpStatusCode expected)
    {
        using var person = await ApiClient.JoinAsync(friendly.Address, "person");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("hub/chat/negotiate?negotiateVersion=1", UriKind.Relative));
        request.Headers.Add("Origin", origin);
        using var answer = await person.Http.SendAsync(request);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Everything_lies_under_the_path_base()
    {
        await using var server = await new ServerProcess(null, ("PATH_BASE", "/talk")).StartAsync();
        using var person = await ApiClient.JoinAsync(new Uri(server.Address, "talk/"), "person");
        var room = await person.OpenRoomAsync("under a path");
        var hub = await person.ConnectAsync();
        await using (hub)
            await hub.AskAsync<Position>("join", room);

        using var http = Plain(server.Address);
        Assert.Contains("AIChat", await http.GetStringAsync(new Uri("talk/", UriKind.Relative)), StringComparison.Ordinal);
        using var joined = await http.PostAsJsonAsync("talk/user", new { nickname = "cookie" });
        Assert.StartsWith("/talk/user/", joined.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Contains("path=/talk", Assert.Single(joined.Headers.GetValues("Set-Cookie")), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.9.9.9", false)]
    public async Task Forwarded_headers_are_believed_from_trusted_proxies_alone(string trusted, bool believed)
    {
        await using var server = await new ServerProcess(null, ("TRUSTED_PROXIES", trusted)).StartAsync();
        using var http = Plain(server.Address);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("user", UriKind.Relative)) { Content = JsonContent.Create(new { nickname = "person" }) };
        request.Headers.Add("X-Forwarded-Proto", "https");
        using var joined = await http.SendAsync(request);
        Assert.Equal(believed, Assert.Single(joined.Headers.GetValues("Set-Cookie")).Contains("; secure", StringComparison.OrdinalIgnoreCase));
    }

    private static HttpClient Plain(Uri address) => new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = address };

    private static async Task<HttpResponseMessage> PreflightAsync(HttpClient http, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, new Uri("chat", UriKind.Relative));
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "content-type");
        return await http.SendAsync(request);
    }

    /// <summary>A server that lists an origin.</summary>
    public sealed class FriendlyServer : IAsyncLifetime
    {
        public ServerProcess Process { get; } = new(null, ("CORS_ORIGINS", Friend));

        public Uri Address => Process.Address;

        public async Task InitializeAsync() => await Process.StartAsync();

        public async Task DisposeAsync() => await Process.DisposeAsync();
    }
}
