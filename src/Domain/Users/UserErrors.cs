namespace AIChat.Domain.Users;

public static class UserErrors
{
    public static readonly Error NicknameEmpty = Error.Invalid("nickname_empty", "Give a nickname of 1 to 40 characters.");
    public static readonly Error NicknameTooLong = Error.Invalid("nickname_too_long", "A nickname has at most 40 characters.");
    public static readonly Error NicknameBad = Error.Invalid("nickname_bad", "A nickname is one line without control characters.");
    public static readonly Error BadUserId = Error.Invalid("user_id_bad", "A userId has 1 to 64 letters, digits, _ - . or @, and is not a reserved word.");
    public static readonly Error Taken = Error.Conflict("user_id_taken", "That userId is taken; choose another, or leave it out.");
    public static readonly Error NotFound = Error.NotFound("user_not_found", "There is no such user.");
    public static readonly Error NotSignedIn = new("not_signed_in", "Join first.", ErrorKind.Unauthenticated);
    public static readonly Error TokenInvalid = new("token_invalid", "This token is not from this server, or its session was logged out. Join again.", ErrorKind.Unauthenticated);
    public static readonly Error TokenExpired = new("token_expired", "This token has expired. Join again.", ErrorKind.Unauthenticated);
}
