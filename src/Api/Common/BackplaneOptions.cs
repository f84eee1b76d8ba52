using AIChat.Infrastructure.Common;

namespace AIChat.Api.Common;

/// <summary>How servers that share a store publish hub events to each other.</summary>
internal sealed class BackplaneOptions
{
    private const int DefaultPort = 6379;

    /// <summary>REDIS_URL, with a port; it may hold a password. Null: events stay within this server.</summary>
    public Uri? RedisUrl { get; init; }

    public static BackplaneOptions Read(SettingsReader read) => new()
    {
        RedisUrl = read.Parsed("REDIS_URL", RedisUrlOf, "is not an address such as redis://host:6379 or rediss://user:password@host:6380; correct it or unset it."),
    };

    private static Uri? RedisUrlOf(string text)
        => Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "redis://" + text, UriKind.Absolute, out var uri) && uri.Scheme is "redis" or "rediss" && uri.Host.Length > 0
            ? new UriBuilder(uri) { Port = uri.Port < 0 ? DefaultPort : uri.Port }.Uri
            : null;
}
