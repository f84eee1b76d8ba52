namespace AIChat.Api.Realtime;

/// <summary>
/// Refuses hub calls that a page of another origin makes: browsers send the cookie along with a WebSocket whatever page opens it, and CORS does not look there.
/// Programs send no <c>Origin</c> and are not concerned.
/// </summary>
internal sealed class OriginGuard(RequestDelegate next, Settings settings)
{
    private static readonly Error Refusal = Error.Forbidden("origin_refused", "Pages of this origin may not connect; add it to CORS_ORIGINS.");

    public Task InvokeAsync(HttpContext http)
        => http.Request.Path.StartsWithSegments("/hub", StringComparison.Ordinal) && http.Request.Headers.Origin.ToString() is { Length: > 0 } origin && !IsAllowed(http.Request, origin)
            ? Problems.WriteAsync(http, Refusal)
            : next(http);

    private bool IsAllowed(HttpRequest request, string origin)
        => string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
            || settings.CorsOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);
}
