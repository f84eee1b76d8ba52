using AIChat.Infrastructure.Common;

namespace AIChat.Infrastructure.Topics.Classifiers;

/// <summary>A classifier on another machine.</summary>
public sealed class ClassifierOptions
{
    /// <summary>MODEL_SERVER_URL, without <c>predict</c> and with a slash at its end; null: only the classifier in this process.</summary>
    public Uri? Url { get; init; }

    /// <summary>MODEL_SERVER_TOKEN: the token sent to it; for the classifier itself, the token that it requires. Null: none.</summary>
    public string? Token { get; init; }

    public static ClassifierOptions Read(SettingsReader read) => new()
    {
        Url = read.Parsed("MODEL_SERVER_URL", RootOf, "is not an address such as http://classifier:8080; correct it or unset it (a secret goes into MODEL_SERVER_TOKEN)."),
        Token = read.Text(
            "MODEL_SERVER_TOKEN",
            token => token.All(c => c is > ' ' and <= '~'),
            "goes into a header and may hold only ASCII characters without spaces; correct it, here and at its callers, or unset it."),
    };

    private static Uri? RootOf(string text)
    {
        var root = text.TrimEnd('/');
        if (root.EndsWith("/predict", StringComparison.Ordinal))
            root = root[..^"/predict".Length];
        return SettingsReader.HttpUrl(root + "/") is { Query.Length: 0, Fragment.Length: 0, UserInfo.Length: 0 } uri ? uri : null;
    }
}
