namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>The sentence encoder of the topic engine; without a model and an address there is none.</summary>
public sealed record EmbeddingOptions
{
    /// <summary>Model name for a server that chooses its model itself and reports the choice.</summary>
    public const string WhateverIsThere = "default";

    /// <summary>Name of a local model, which is fetched where it is missing, or a folder; with an address, the model's name at that server.</summary>
    public string? Model { get; init; }

    /// <summary>Address of a server with OpenAI's <c>/embeddings</c>; null: the model runs in this process.</summary>
    public Uri? Url { get; init; }

    /// <summary>Bearer token for that server; null: none.</summary>
    public string? Key { get; init; }

    /// <summary>Threads of one forward pass in this process; 0: one for each processor.</summary>
    public int Threads { get; init; }

    /// <summary>Device of the forward passes: <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>; null: <c>cpu</c>.</summary>
    public string? Device { get; init; }

    /// <summary>Folder of the local models.</summary>
    public required string Folder { get; init; }

    /// <summary>Hub from which models are fetched.</summary>
    public required Uri Hub { get; init; }

    /// <summary>Bearer token for the hub; null: none.</summary>
    public string? HubToken { get; init; }
}
