namespace AIChat.Api.Realtime;

/// <summary>
/// Refuses hub connections from pages of other origins: browsers send the cookie with a WebSocket whichever page opens it, and CORS does not apply there. Programs send no <c>Origin</c> and
/// are not affected.
/// </summary>
internal sealed class OriginGuard(RequestDelegate next, NetworkOptions network)
{
    private static readonly Error Refusal = Error.Forbidden("origin_refused", "Pages of this origin may not connect; add it to CORS_ORIGINS.");

    public Task InvokeAsync(HttpContext http)
        => http.Request.Path.StartsWithSegments("/hub", StringComparison.Ordinal) && http.Request.Headers.Origin.ToString() is { Length: > 0 } origin && !IsAllowed(http.Request, origin)
            ? Problems.WriteAsync(http, Refusal)
            : next(http);

    private bool IsAllowed(HttpRequest request, string origin)
        => string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
            || network.CorsOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);
}
