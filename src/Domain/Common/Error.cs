namespace AIChat.Domain.Common;

/// <summary>Why a request was refused; decides the HTTP status.</summary>
public enum ErrorKind
{
    /// <summary>The request itself is wrong (400).</summary>
    Invalid,

    /// <summary>The caller is not signed in (401).</summary>
    Unauthenticated,

    /// <summary>Signed in, but not allowed (403).</summary>
    Forbidden,

    /// <summary>Its subject does not exist (404).</summary>
    NotFound,

    /// <summary>It contradicts what is stored (409).</summary>
    Conflict,

    /// <summary>Too large (413).</summary>
    TooLarge,

    /// <summary>Too often (429).</summary>
    TooMany,

    /// <summary>Not now; later it may work (503).</summary>
    Unavailable,
}

/// <summary>An expected failure. <paramref name="Code"/> is stable and part of the public contract; <paramref name="Message"/> is for people.</summary>
public sealed record Error(string Code, string Message, ErrorKind Kind)
{
    /// <summary>When trying again makes sense; null: whenever.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static Error Invalid(string code, string message) => new(code, message, ErrorKind.Invalid);

    public static Error NotFound(string code, string message) => new(code, message, ErrorKind.NotFound);

    public static Error Forbidden(string code, string message) => new(code, message, ErrorKind.Forbidden);

    public static Error Conflict(string code, string message) => new(code, message, ErrorKind.Conflict);
}
