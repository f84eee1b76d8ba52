using AIChat.Domain.Users;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AIChat.Api.Common;

/// <summary>Sends a request to its handler and turns the result into an HTTP answer.</summary>
internal static class Respond
{
    public static async Task<Results<Ok<T>, ProblemHttpResult>> OkAsync<T>(this IMediator mediator, IRequest<Result<T>> request, HttpContext http)
        => (await mediator.Send(request, http.RequestAborted)).Succeeded(out var value, out var error) ? TypedResults.Ok(value) : http.Problem(error);

    public static async Task<Results<NoContent, ProblemHttpResult>> NoContentAsync<T>(this IMediator mediator, IRequest<Result<T>> request, HttpContext http)
        => (await mediator.Send(request, http.RequestAborted)).Succeeded(out _, out var error) ? TypedResults.NoContent() : http.Problem(error);

    public static async Task<Results<Created<T>, ProblemHttpResult>> CreatedAsync<T>(
        this IMediator mediator, IRequest<Result<T>> request, HttpContext http, Func<T, string> location)
        => (await mediator.Send(request, http.RequestAborted)).Succeeded(out var value, out var error)
            ? TypedResults.Created(http.Request.PathBase + location(value), value)
            : http.Problem(error);

    public static async Task<Results<Accepted<T>, ProblemHttpResult>> AcceptedAsync<T>(
        this IMediator mediator, IRequest<Result<T>> request, HttpContext http, Func<T, string> location)
        => (await mediator.Send(request, http.RequestAborted)).Succeeded(out var value, out var error)
            ? TypedResults.Accepted(http.Request.PathBase + location(value), value)
            : http.Problem(error);

    /// <summary>The caller; only on endpoints with <c>RequireAuthorization</c>.</summary>
    public static UserId Me(this HttpContext http) => new(http.User.Identity!.Name!);
}
