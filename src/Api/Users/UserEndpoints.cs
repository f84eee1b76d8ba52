using AIChat.Application.Users;
using AIChat.Domain.Users;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AIChat.Api.Users;

internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/user").WithTags("Users");
        users.MapPost("/", JoinAsync).AllowAnonymous().WithSummary("Join with a nickname");
        users.MapPost("/logout", LogoutAsync).RequireAuthorization().WithSummary("End this session");
        users.MapGet("/me", GetMyselfAsync).RequireAuthorization().WithSummary("The signed-in user");
        users.MapPatch("/me", ChangeMyselfAsync).RequireAuthorization().WithSummary("Change my nickname or preferences");
        users.MapGet("/{userId}", GetAsync).RequireAuthorization().WithSummary("A user");
    }

    private static async Task<Results<Created<JoinedView>, ProblemHttpResult>> JoinAsync(JoinBody body, IMediator mediator, SessionTokens tokens, HttpContext http)
    {
        if (!(await mediator.Send(new JoinChat(body.Nickname, body.UserId), http.RequestAborted)).Succeeded(out var joined, out var error))
            return http.Problem(error);
        var token = tokens.Sign(joined.SessionId);
        SessionAuthentication.SetCookie(http, token, joined.ExpiresAt);
        var user = joined.User;
        return TypedResults.Created($"{http.Request.PathBase}/user/{Uri.EscapeDataString(user.UserId)}", new JoinedView(user.UserId, user.Nickname, user.CreatedAt, token));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> LogoutAsync(IMediator mediator, HttpContext http)
    {
        SessionAuthentication.DropCookie(http);
        return await mediator.NoContentAsync(new LeaveChat(http.User.FindFirst(SessionAuthentication.SessionClaim)!.Value), http);
    }

    private static Task<Results<Ok<MyselfView>, ProblemHttpResult>> GetMyselfAsync(IMediator mediator, HttpContext http)
        => mediator.OkAsync(new GetMyself(http.Me()), http);

    private static Task<Results<Ok<MyselfView>, ProblemHttpResult>> ChangeMyselfAsync(ChangeBody body, IMediator mediator, HttpContext http)
        => mediator.OkAsync(new ChangeMyself(http.Me(), body.Nickname, body.ExcludeFromAi), http);

    private static Task<Results<Ok<UserView>, ProblemHttpResult>> GetAsync(string userId, IMediator mediator, HttpContext http)
        => mediator.OkAsync(new GetUser(new UserId(userId)), http);

    internal sealed record JoinBody(string? Nickname, string? UserId);

    internal sealed record JoinedView(string UserId, string Nickname, DateTimeOffset CreatedAt, string Token);

    internal sealed record ChangeBody(string? Nickname, bool? ExcludeFromAi);
}
