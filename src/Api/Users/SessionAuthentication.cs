using System.Security.Claims;
using System.Text.Encodings.Web;
using AIChat.Application.Users;
using AIChat.Domain.Users;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AIChat.Api.Users;

/// <summary>Authenticates by <c>Authorization: Bearer</c>, on the hub also by <c>access_token</c>, or by the cookie; in this order.</summary>
internal sealed class SessionAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, SessionTokens tokens, IMediator mediator)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "session";
    public const string SessionClaim = "session";
    public const string CookieName = "aichat_session";

    private const string Bearer = "Bearer ";

    private Error _refusal = UserErrors.NotSignedIn;

    /// <summary>Sets the token as a cookie that expires with the session.</summary>
    public static void SetCookie(HttpContext http, string token, DateTimeOffset expiresAt) => http.Response.Cookies.Append(CookieName, token, CookieOf(http, expiresAt));

    public static void DropCookie(HttpContext http) => http.Response.Cookies.Delete(CookieName, CookieOf(http, null));

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Whether the process lives must not depend on the store.
        if (Request.Path.StartsWithSegments("/health", StringComparison.Ordinal) || TokenOf(Request) is not { } token)
            return AuthenticateResult.NoResult();
        if (tokens.Verify(token) is not { } session)
            return Refuse(UserErrors.TokenInvalid);
        if (!(await mediator.Send(new Authenticate(session), Context.RequestAborted)).Succeeded(out var caller, out var error))
            return Refuse(error);
        if (caller.Renewed && Request.Cookies.ContainsKey(CookieName) && !Response.HasStarted)
            SetCookie(Context, token, caller.ExpiresAt);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, caller.UserId.Value), new Claim(SessionClaim, caller.SessionId)], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.WriteAsync(Context, _refusal);
    }

    private static string? TokenOf(HttpRequest request)
    {
        if (request.Headers.Authorization.ToString() is { Length: > 0 } header)
            return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : string.Empty;

        // A browser cannot set headers on a WebSocket.
        if (request.Path.StartsWithSegments("/hub", StringComparison.Ordinal) && request.Query["access_token"].ToString() is { Length: > 0 } query)
            return query;
        return request.Cookies[CookieName];
    }

    private static CookieOptions CookieOf(HttpContext http, DateTimeOffset? expiresAt) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = http.Request.IsHttps,
        Path = http.Request.PathBase.HasValue ? http.Request.PathBase.Value : "/",
        Expires = expiresAt,
    };

    private AuthenticateResult Refuse(Error because)
    {
        _refusal = because;
        return AuthenticateResult.Fail(because.Code);
    }
}
