using System.Net;
using AIChat.Infrastructure.Common;

namespace AIChat.Api.Common;

/// <summary>How callers reach the server.</summary>
internal sealed class NetworkOptions
{
    /// <summary>CORS_ORIGINS: other origins whose pages may call.</summary>
    public required IReadOnlyList<string> CorsOrigins { get; init; }

    /// <summary>TRUSTED_PROXIES: proxies whose forwarded headers are believed.</summary>
    public required IReadOnlyList<IPNetwork> TrustedProxies { get; init; }

    /// <summary>PATH_BASE: the path under which a proxy serves this server, without a slash at its end; empty: none.</summary>
    public required string PathBase { get; init; }

    public static NetworkOptions Read(SettingsReader read)
    {
        // Read by the web host.
        _ = read.Text("ASPNETCORE_URLS");
        return new NetworkOptions
        {
            CorsOrigins = [.. read.List("CORS_ORIGINS").Select(OriginOf)],
            TrustedProxies = [.. read.List("TRUSTED_PROXIES").Select(NetworkOf)],
            PathBase = read.Text("PATH_BASE", IsPath, "is not a path such as /chat; correct it or unset it.")?.TrimEnd('/') ?? string.Empty,
        };
    }

    private static string OriginOf(string text) => SettingsReader.HttpUrl(text) is { AbsolutePath: "/", Query.Length: 0 } uri
        ? uri.GetLeftPart(UriPartial.Authority)
        : throw new SettingException("CORS_ORIGINS is not a list of origins, such as https://chat.example.org,https://example.org; correct it or unset it.");

    private static IPNetwork NetworkOf(string text) => IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : throw new SettingException("TRUSTED_PROXIES is not a list of addresses or networks, such as 10.0.0.5,10.1.0.0/16; correct it or unset it.");

    private static bool IsPath(string text) => text.StartsWith('/') && !text.Contains("//", StringComparison.Ordinal) && Uri.IsWellFormedUriString(text, UriKind.Relative);
}
