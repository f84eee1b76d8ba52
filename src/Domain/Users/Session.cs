namespace AIChat.Domain.Users;

/// <summary>One sign-in of one person: what a token or a cookie stands for. Ends by logging out or by not being used for <see cref="Lifetime"/>.</summary>
public sealed class Session
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(180);

    private static readonly TimeSpan RenewAfter = TimeSpan.FromDays(1);

    private Session(string id, UserId userId, DateTimeOffset createdAt, DateTimeOffset expiresAt)
    {
        Id = id;
        UserId = userId;
        CreatedAt = createdAt;
        ExpiresAt = expiresAt;
    }

    public string Id { get; private set; }

    public UserId UserId { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    public static Session Start(string id, UserId user, DateTimeOffset now) => new(id, user, now, now + Lifetime);

    public bool HasExpired(DateTimeOffset now) => now >= ExpiresAt;

    /// <summary>Whether use at this time should move the end: at most once a day, so that reading does not write all the time.</summary>
    public bool IsDueForRenewal(DateTimeOffset now) => ExpiresAt - now < Lifetime - RenewAfter;

    public void Renew(DateTimeOffset now) => ExpiresAt = now + Lifetime;
}
