namespace AIChat.Application.Users;

/// <summary>A user as others see them.</summary>
public sealed record UserView(string UserId, string Nickname, DateTimeOffset CreatedAt)
{
    public static UserView Of(User user) => new(user.Id.Value, user.Nickname, user.CreatedAt);
}

/// <summary>A user as they see themselves.</summary>
public sealed record MyselfView(string UserId, string Nickname, DateTimeOffset CreatedAt, bool ExcludeFromAi)
{
    public static MyselfView Of(User user) => new(user.Id.Value, user.Nickname, user.CreatedAt, user.ExcludeFromAi);
}
