using System.Globalization;
using AIChat.Application.Common;
using AIChat.Infrastructure.Common;

namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>The sentence encoder; without a model there is none.</summary>
public sealed record EmbeddingOptions
{
    /// <summary>Model name for a server that chooses its model itself and reports the choice.</summary>
    public const string WhateverIsThere = "default";

    /// <summary>EMBEDDING_MODEL: a model of the hub or a folder; with an address, the model's name there.</summary>
    public string? Model { get; init; }

    /// <summary>EMBEDDING_URL: a server that speaks OpenAI's <c>/embeddings</c>; null: the model runs in this process.</summary>
    public Uri? Url { get; init; }

    /// <summary>EMBEDDING_KEY: the key sent to that server; null: none.</summary>
    public string? Key { get; init; }

    /// <summary>EMBEDDING_THREADS: threads of one pass in this process; 0: as many as there are processors.</summary>
    public int Threads { get; init; }

    /// <summary>EMBEDDING_DEVICE: <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>; null: the processor.</summary>
    public string? Device { get; init; }

    /// <summary>SKIP_MODEL_LOADING: this process fetches and loads no model.</summary>
    public bool SkipLoading { get; init; }

    public static EmbeddingOptions Read(SettingsReader read)
    {
        // Read by libtorch and oneDNN.
        _ = read.Text("ONEDNN_PRIMITIVE_CACHE_CAPACITY");
        _ = read.Text("LRU_CACHE_CAPACITY");
        var url = read.Url("EMBEDDING_URL");
        return new EmbeddingOptions
        {
            Url = url,
            Model = url is null ? read.Parsed("EMBEDDING_MODEL", text => LocalModel(text, read), "is no folder and no model's name, such as intfloat/multilingual-e5-small; correct it or unset it.")
                : read.Text("EMBEDDING_MODEL") ?? throw new SettingException("EMBEDDING_URL is set but not which model is asked there; set EMBEDDING_MODEL to its name."),
            Key = read.Text("EMBEDDING_KEY"),
            Threads = read.Number("EMBEDDING_THREADS", 0, 0, 256),
            Device = read.Text("EMBEDDING_DEVICE", IsDevice, "is not cpu, cuda or cuda:N; correct it or unset it for cpu."),
            SkipLoading = read.Flag("SKIP_MODEL_LOADING"),
        };
    }

    /// <summary>These options; where they name no encoder, that of the model server, if there is one.</summary>
    public EmbeddingOptions OrAt(Uri? modelServer, string? token) => this is { Url: null, Model: null } && modelServer is not null
        ? this with { Url = new Uri(modelServer, "v1"), Key = token, Model = WhateverIsThere }
        : this;

    /// <summary>Nothing that is secret.</summary>
    public override string ToString() => $"{nameof(EmbeddingOptions)} {{ {Model} }}";

    private static string? LocalModel(string text, SettingsReader read)
    {
        var path = read.FullPath(text);
        return Directory.Exists(path) ? path : ModelName.Parse(text) is not null ? text : null;
    }

    private static bool IsDevice(string text)
        => text is "cpu" or "cuda" || (text.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(text[5..], NumberStyles.None, CultureInfo.InvariantCulture, out _));
}
