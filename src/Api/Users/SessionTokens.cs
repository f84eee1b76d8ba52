using System.Security.Cryptography;
using System.Text;
using AIChat.Infrastructure.Common;

namespace AIChat.Api.Users;

/// <summary>Tokens: a session's id and its HMAC-SHA256 under the server's secret, so that only ids issued with this secret are looked up.</summary>
internal sealed class SessionTokens
{
    private readonly byte[] _key;

    public SessionTokens(AccessOptions access, StorageOptions storage) => _key = SHA256.HashData(Encoding.UTF8.GetBytes(access.CookieSecret ?? StoredSecret(storage.Folder)));

    public string Sign(string sessionId) => sessionId + "." + SignatureOf(sessionId);

    /// <summary>The session of a token; null: this server did not sign it.</summary>
    public string? Verify(string token)
    {
        if (token.Length > 200 || token.Split('.') is not [var session, var signature])
            return null;
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), Encoding.UTF8.GetBytes(SignatureOf(session))) ? session : null;
    }

    private string SignatureOf(string sessionId) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(sessionId)));

    /// <summary>The secret in the data folder, generated at the first start.</summary>
    private static string StoredSecret(string folder)
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
