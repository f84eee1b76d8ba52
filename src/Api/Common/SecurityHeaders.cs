namespace AIChat.Api.Common;

/// <summary>Tells browsers to trust nothing but our own files: message text is untrusted, and this is the second line behind writing it as text.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    private const string OwnFilesOnly =
        "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; style-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

    // The API reference writes its own styles and scripts into its page.
    private const string ReferencePage = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext http)
    {
        // At the last moment: whatever answers after a failure begins by clearing what was set before.
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
