namespace AIChat.Domain.Users;

public readonly record struct UserId(string Value)
{
    public const int MaxLength = 64;

    /// <summary>Whether a client may choose this id: letters and digits of any script and <c>_ - . @</c>, so that it is safe in a path.</summary>
    public static bool IsWellFormed(string value)
        => value.Length is > 0 and <= MaxLength && value is not ("." or ".." or "me" or "link" or "logout")
            && value.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or '@');

    public override string ToString() => Value;
}
