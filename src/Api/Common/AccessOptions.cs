using AIChat.Infrastructure.Common;

namespace AIChat.Api.Common;

/// <summary>The server's secrets.</summary>
internal sealed class AccessOptions
{
    private const int MinLength = 16;

    /// <summary>COOKIE_SECRET: signs session tokens; null: one is generated and kept in the data folder.</summary>
    public string? CookieSecret { get; init; }

    /// <summary>ADMIN_TOKEN: what the operator sends; null: no endpoint for operators answers.</summary>
    public string? AdminToken { get; init; }

    public static AccessOptions Read(SettingsReader read) => new()
    {
        CookieSecret = read.Text("COOKIE_SECRET", IsLongEnough, $"is too short; give at least {MinLength} characters, or unset it to have one made."),
        AdminToken = read.Text("ADMIN_TOKEN", IsLongEnough, $"is too short; give at least {MinLength} characters, or unset it."),
    };

    private static bool IsLongEnough(string secret) => secret.Length >= MinLength;
}
