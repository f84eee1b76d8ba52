using System.Security.Cryptography;
using System.Text;

namespace AIChat.Api.Users;

/// <summary>Tokens: a session's id and its HMAC-SHA256 under the server's secret, so that only ids given out by this server are looked up at all.</summary>
internal sealed class SessionTokens
{
    private readonly byte[] key;

    public SessionTokens(Settings settings) => key = SHA256.HashData(Encoding.UTF8.GetBytes(settings.CookieSecret ?? KeptSecret(settings.DataFolder)));

    public string Sign(string sessionId) => sessionId + "." + SignatureOf(sessionId);

    /// <summary>The session that the token stands for; null when it was not signed here.</summary>
    public string? Verify(string token)
    {
        if (token.Length > 200 || token.Split('.') is not [var session, var signature])
            return null;
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), Encoding.UTF8.GetBytes(SignatureOf(session))) ? session : null;
    }

    private string SignatureOf(string sessionId) => Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(sessionId)));

    /// <summary>The secret that is kept with the data, made at the first start.</summary>
    private static string KeptSecret(string folder)
    {
        var path = Path.Combine(folder, "cookie-secret");
        if (File.Exists(path) && File.ReadAllText(path) is { Length: >= 32 } kept)
            return kept;
        var made = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path + ".new", options);
        file.Write(Encoding.ASCII.GetBytes(made));
        file.Flush(flushToDisk: true);
        file.Dispose();
        File.Move(path + ".new", path, overwrite: true);
        return made;
    }
}
