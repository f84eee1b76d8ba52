using AIChat.Infrastructure.Common;

namespace AIChat.Infrastructure.Topics.Encoders.Hub;

/// <summary>The hub from which models are fetched.</summary>
public sealed class HubOptions
{
    /// <summary>HF_ENDPOINT, with a slash at its end.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>HF_TOKEN: sent to the hub alone; null: none.</summary>
    public string? Token { get; init; }

    public static HubOptions Read(SettingsReader read) => new()
    {
        Endpoint = read.Parsed("HF_ENDPOINT", EndpointOf, "is not an address such as https://huggingface.co; correct it or unset it.") ?? new Uri("https://huggingface.co/"),
        Token = read.Text("HF_TOKEN"),
    };

    private static Uri? EndpointOf(string text) => SettingsReader.HttpUrl(text.TrimEnd('/') + "/") is { Query.Length: 0 } uri ? uri : null;
}
