namespace AIChat.Domain.Users;

/// <summary>A person with a nickname. There is no password, because the chat is open.</summary>
public sealed class User
{
    public const int MaxNicknameLength = 40;

    private User(UserId id, string nickname, DateTimeOffset createdAt)
    {
        Id = id;
        Nickname = nickname;
        CreatedAt = createdAt;
    }

    public UserId Id { get; private set; }

    public string Nickname { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>This person's messages are never sent to a language model on another machine.</summary>
    public bool ExcludeFromAi { get; private set; }

    public static Result<User> Join(UserId id, string nickname, DateTimeOffset now)
    {
        if (!UserId.IsWellFormed(id.Value))
            return UserErrors.BadUserId;
        return WhyNot(nickname) is { } refusal ? refusal : new User(id, nickname.Trim(), now);
    }

    public Error? Rename(string nickname)
    {
        if (WhyNot(nickname) is { } refusal)
            return refusal;
        Nickname = nickname.Trim();
        return null;
    }

    public void SetExcludeFromAi(bool exclude) => ExcludeFromAi = exclude;

    private static Error? WhyNot(string nickname)
    {
        var name = nickname.Trim();
        if (name.Length == 0)
            return UserErrors.NicknameEmpty;
        if (Text.LengthOf(name) > MaxNicknameLength)
            return UserErrors.NicknameTooLong;
        return Text.IsOneLine(name) ? null : UserErrors.NicknameBad;
    }
}
