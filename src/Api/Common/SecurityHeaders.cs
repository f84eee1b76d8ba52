namespace AIChat.Api.Common;

/// <summary>Makes browsers trust only our own files. Message text is untrusted; the page inserts it as text, and this header is the second line of defence.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    private const string OwnFilesOnly =
        "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; style-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

    // The API reference has inline styles and scripts.
    private const string ReferencePage = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext http)
    {
        // At the last moment, because the exception handler clears headers that were set before.
        http.Response.OnStarting(() =>
        {
            var headers = http.Response.Headers;
            headers.ContentSecurityPolicy = http.Request.Path.StartsWithSegments("/docs", StringComparison.Ordinal) ? ReferencePage : OwnFilesOnly;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            return Task.CompletedTask;
        });
        return next(http);
    }
}
