namespace AIChat.Application.Users;

/// <summary>Resolves a session whose signature was verified already. Use prolongs it.</summary>
public sealed record Authenticate(string SessionId) : IRequest<Result<Authenticated>>;

/// <param name="UserId">The session's user.</param>
/// <param name="SessionId">The session.</param>
/// <param name="ExpiresAt">When the session ends unless it is used again.</param>
/// <param name="Renewed">Whether this use moved the end, so that the cookie must be sent again.</param>
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
