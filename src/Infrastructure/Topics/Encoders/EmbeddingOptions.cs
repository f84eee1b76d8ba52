namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>Which sentence encoder the topic engine uses; with neither a model nor an address, none.</summary>
public sealed record EmbeddingOptions
{
    /// <summary>The model's name at a server that has one and says which.</summary>
    public const string WhateverIsThere = "default";

    /// <summary>The name of a model that is kept or can be fetched, or a folder; with an address, the model's name there.</summary>
    public string? Model { get; init; }

    /// <summary>A server that speaks OpenAI's <c>/embeddings</c>; null: the model runs in this process.</summary>
    public Uri? Url { get; init; }

    /// <summary>What that server is shown; null: nothing.</summary>
    public string? Key { get; init; }

    /// <summary>Threads of one pass in this process; 0: as many as there are processors.</summary>
    public int Threads { get; init; }

    /// <summary>Where passes are made: <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>; null: on the processor.</summary>
    public string? Device { get; init; }

    /// <summary>Where models are kept.</summary>
    public required string Folder { get; init; }

    /// <summary>The hub that they come from.</summary>
    public required Uri Hub { get; init; }

    /// <summary>What the hub is shown; null: nothing.</summary>
    public string? HubToken { get; init; }
}
