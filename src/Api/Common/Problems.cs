using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AIChat.Api.Common;

/// <summary>Failures as <c>application/problem+json</c> (RFC 9457) with a stable <c>code</c>; exception messages are never shown.</summary>
internal static class Problems
{
    /// <summary>The problem, with <c>Retry-After</c> where a retry may succeed.</summary>
    public static ProblemHttpResult Problem(this HttpContext http, Error error)
    {
        if (error.RetryAfter is { } after)
            http.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return http.Of(StatusOf(error.Kind), error.Code, ErrorTexts.Of(error));
    }

    public static Task WriteAsync(HttpContext http, Error error) => http.Problem(error).ExecuteAsync(http);

    /// <summary>The error that describes an exception to the caller; null: it is internal.</summary>
    public static Error? Of(Exception failure, HttpRequest request) => failure switch
    {
        StoreUnavailableException outage => Of(outage),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooLarge,
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => Error.Invalid("body_too_slow", "The body was sent too slowly."),
        BadHttpRequestException { InnerException: JsonException wrong } => Error.Invalid(
            "body_malformed", wrong.Path is { Length: > 1 } path ? $"The body is not the JSON that this call takes; see {path}." : "The body is not the JSON that this call takes."),
        BadHttpRequestException when IsBodyMissing(request) => Error.Invalid("body_missing", "Send a JSON body."),
        BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } => NotJson,
        BadHttpRequestException => Error.Invalid("parameter_malformed", "A parameter in the path or the query has the wrong type."),
        _ => null,
    };

    public static Error Of(StoreUnavailableException outage) => new(
        outage.Code,
        outage.Code == "storage_full"
            ? "The server's disk is full; nothing was stored. Try again later."
            : "The server cannot reach its storage; nothing was stored. Try again later.",
        ErrorKind.Unavailable)
    {
        RetryAfter = TimeSpan.FromSeconds(5),
    };

    /// <summary>Answers for exceptions and for bare status codes, such as that of an unknown route.</summary>
    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            // A caller's mistake is answered, not logged: the exception may quote the request.
            SuppressDiagnosticsCallback = context => Of(context.Exception, context.HttpContext.Request) is not null,
            ExceptionHandler = http => Of(http.Features.Get<IExceptionHandlerFeature>()!.Error, http.Request) is { } error
                ? WriteAsync(http, error)
                : http.Of(StatusCodes.Status500InternalServerError, "internal_error", "An internal error occurred and was logged.").ExecuteAsync(http),
        });
        app.UseStatusCodePages(context => (context.HttpContext.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => context.HttpContext.Of(StatusCodes.Status404NotFound, "route_not_found", "There is nothing at this address."),
            StatusCodes.Status405MethodNotAllowed => context.HttpContext.Of(StatusCodes.Status405MethodNotAllowed, "method_not_allowed", "This address does not take that method."),
            StatusCodes.Status413PayloadTooLarge => context.HttpContext.Problem(TooLarge),
            StatusCodes.Status415UnsupportedMediaType => context.HttpContext.Problem(IsBodyMissing(context.HttpContext.Request) ? Error.Invalid("body_missing", "Send a JSON body.") : NotJson),
            var status => context.HttpContext.Of(status, "request_refused", "The request cannot be answered as it is."),
        }).ExecuteAsync(context.HttpContext));
    }

    private static readonly Error TooLarge = new("body_too_large", "The body is larger than this call takes.", ErrorKind.TooLarge);

    private static readonly Error NotJson = Error.Invalid("content_type_unsupported", "Send JSON with the header Content-Type: application/json.");

    private static bool IsBodyMissing(HttpRequest request)
        => request is { ContentLength: null or 0, Method: "POST" or "PATCH" } && !request.Headers.ContainsKey("Transfer-Encoding");

    private static ProblemHttpResult Of(this HttpContext http, int status, string code, string detail)
    {
        var extensions = new Dictionary<string, object?>(StringComparer.Ordinal) { ["code"] = code };

        // Clients of the OpenAI API read the error there.
        if (http.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal))
            extensions["error"] = new { message = detail, type = status < StatusCodes.Status500InternalServerError ? "invalid_request_error" : "server_error", param = (string?)null, code };
        return TypedResults.Problem(detail, statusCode: status, extensions: extensions);
    }

    private static int StatusOf(ErrorKind kind) => kind switch
    {
        ErrorKind.Invalid => StatusCodes.Status400BadRequest,
        ErrorKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        ErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        ErrorKind.NotFound => StatusCodes.Status404NotFound,
        ErrorKind.Conflict => StatusCodes.Status409Conflict,
        ErrorKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        ErrorKind.TooMany => StatusCodes.Status429TooManyRequests,
        ErrorKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
    };
}
