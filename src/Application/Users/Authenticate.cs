namespace AIChat.Application.Users;

/// <summary>Somebody shows a session whose signature was right. Use prolongs it.</summary>
public sealed record Authenticate(string SessionId) : IRequest<Result<Authenticated>>;

/// <param name="UserId">Who it is.</param>
/// <param name="SessionId">By which sign-in.</param>
/// <param name="ExpiresAt">When it ends if it is not used again.</param>
/// <param name="Renewed">Whether this use moved the end, so that the cookie must be sent anew.</param>
public sealed record Authenticated(UserId UserId, string SessionId, DateTimeOffset ExpiresAt, bool Renewed);

internal sealed class AuthenticateHandler(IUserRepository users, TimeProvider time) : IRequestHandler<Authenticate, Result<Authenticated>>
{
    public async Task<Result<Authenticated>> Handle(Authenticate request, CancellationToken cancellationToken)
    {
        if (await users.FindSessionAsync(request.SessionId, cancellationToken) is not { } session)
            return UserErrors.TokenInvalid;
        var now = time.GetUtcNow();
        if (session.HasExpired(now))
            return UserErrors.TokenExpired;
        var due = session.IsDueForRenewal(now);
        if (due)
        {
            session.Renew(now);
            await users.RenewSessionAsync(session, cancellationToken);
        }

        return new Authenticated(session.UserId, session.Id, session.ExpiresAt, due);
    }
}
