namespace AIChat.Domain.Users;

public interface IUserRepository
{
    Task<User?> FindAsync(UserId id, CancellationToken cancellation);

    /// <summary>Stores a new user with a first session, both or neither; <see cref="UserErrors.Taken"/> when the id exists.</summary>
    Task<Result<Nothing>> AddAsync(User user, Session session, CancellationToken cancellation);

    /// <summary>Stores the changed nickname and switches.</summary>
    Task SaveAsync(User user, CancellationToken cancellation);

    /// <summary>The people among these who exclude their messages from language models elsewhere.</summary>
    Task<IReadOnlySet<UserId>> ExcludedFromAiAsync(IReadOnlyCollection<UserId> users, CancellationToken cancellation);

    Task<Session?> FindSessionAsync(string sessionId, CancellationToken cancellation);

    /// <summary>Stores the renewed session; a session that was ended meanwhile stays ended.</summary>
    Task RenewSessionAsync(Session session, CancellationToken cancellation);

    Task EndSessionAsync(string sessionId, CancellationToken cancellation);
}
