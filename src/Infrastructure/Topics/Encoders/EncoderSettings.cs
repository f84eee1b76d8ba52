using System.Text.Json;

namespace AIChat.Infrastructure.Topics.Encoders;

internal enum Pooling
{
    Mean,
    Cls,
    Max,
}

/// <summary>Settings of a model, read from its folder as the sentence-transformers library does.</summary>
internal sealed record EncoderSettings
{
    private static readonly HashSet<string> Roberta = new(["roberta", "xlm-roberta", "camembert"], StringComparer.Ordinal);

    public required int Vocabulary { get; init; }

    public required int Width { get; init; }

    public required int Layers { get; init; }

    public required int Heads { get; init; }

    public required int Inner { get; init; }

    public required int Positions { get; init; }

    public required int Types { get; init; }

    public required double Epsilon { get; init; }

    /// <summary>Index of the first position; for RoBERTa, one after the padding id.</summary>
    public required int FirstPosition { get; init; }

    public required int MaxTokens { get; init; }

    public required Pooling Pooling { get; init; }

    public required bool IsNormalised { get; init; }

    /// <summary>Prefixes of texts by name: <c>query</c> → "query: ".</summary>
    public required IReadOnlyDictionary<string, string> Prompts { get; init; }

    public required string? DefaultPrompt { get; init; }

    /// <exception cref="EncoderException">A file is missing, broken, or of an unsupported kind.</exception>
    public static EncoderSettings Read(string folder)
    {
        using var config = Json(folder, "config.json");
        var root = config.RootElement;
        var type = Text(root, "model_type") ?? "(none)";
        if (type is not "bert" && !Roberta.Contains(type))
            throw new EncoderException($"config.json: the architecture {type} is not known; BERT, RoBERTa and XLM-RoBERTa are.");
        if (Text(root, "hidden_act") is { } act and not "gelu")
            throw new EncoderException($"config.json: hidden_act is {act}; only gelu is known.");
        if (Text(root, "position_embedding_type") is { } positions and not "absolute")
            throw new EncoderException($"config.json: position_embedding_type is {positions}; only absolute is known.");
        var isRoberta = Roberta.Contains(type);
        var (pooling, isNormalised) = Modules(folder);
        var (prompts, defaultPrompt) = ReadPrompts(folder);
        var settings = new EncoderSettings
        {
            Vocabulary = Count(root, "vocab_size"),
            Width = Count(root, "hidden_size"),
            Layers = Count(root, "num_hidden_layers"),
            Heads = Count(root, "num_attention_heads"),
            Inner = Count(root, "intermediate_size"),
            Positions = Count(root, "max_position_embeddings"),
            Types = Count(root, "type_vocab_size"),
            Epsilon = root.TryGetProperty("layer_norm_eps", out var epsilon) && epsilon.TryGetDouble(out var number) ? number : 1e-12,
            FirstPosition = isRoberta ? (root.TryGetProperty("pad_token_id", out var padding) && padding.TryGetInt32(out var id) ? id : 1) + 1 : 0,
            MaxTokens = 0,
            Pooling = pooling,
            IsNormalised = isNormalised,
            Prompts = prompts,
            DefaultPrompt = defaultPrompt,
        };
        if (settings.Width % settings.Heads != 0)
            throw new EncoderException($"config.json: hidden_size {settings.Width} is no multiple of num_attention_heads {settings.Heads}.");
        var most = settings.Positions - settings.FirstPosition;
        var max = Math.Min(Limit(folder, "sentence_bert_config.json", "max_seq_length") ?? Limit(folder, "tokenizer_config.json", "model_max_length") ?? most, most);
        return max > 2 ? settings with { MaxTokens = max } : throw new EncoderException($"config.json leaves room for {max} tokens.");
    }

    /// <summary>The prefix of that name; null: the model's default, else its prefix for queries, else none.</summary>
    /// <exception cref="EncoderException">The model has no prefix of that name.</exception>
    public string PromptOf(string? name)
    {
        if (name is null)
            return Prompts.GetValueOrDefault(DefaultPrompt ?? "query", string.Empty);
        return Prompts.TryGetValue(name, out var prompt) ? prompt
            : throw new EncoderException($"The model has no prompt {name}; it has {(Prompts.Count == 0 ? "none" : string.Join(", ", Prompts.Keys))}.");
    }

    public static JsonDocument Json(string folder, string file)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, file)));
        }
        catch (JsonException failure)
        {
            throw new EncoderException($"{file} is no JSON.", failure);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new EncoderException($"There is no {file} in the model's folder.", failure);
        }
    }

    public static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int Count(JsonElement root, string name)
        => root.TryGetProperty(name, out var value) && value.TryGetInt32(out var count) && count > 0 ? count : throw new EncoderException($"config.json has no {name}.");

    private static bool Is(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static int? Limit(string folder, string file, string name)
    {
        if (!File.Exists(Path.Combine(folder, file)))
            return null;
        using var json = Json(folder, file);

        // Libraries write 10^30 for no limit.
        return json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var limit) ? limit : null;
    }

    private static (Pooling Pooling, bool IsNormalised) Modules(string folder)
    {
        // A plain encoder without modules is pooled by its mean.
        if (!File.Exists(Path.Combine(folder, "modules.json")))
            return (Pooling.Mean, false);
        using var modules = Json(folder, "modules.json");
        var (pooling, isNormalised) = (Pooling.Mean, false);
        foreach (var module in modules.RootElement.EnumerateArray())
        {
            switch ((Text(module, "type") ?? string.Empty).Split('.')[^1])
            {
                case "Transformer":
                    break;
                case "Pooling":
                    pooling = PoolingOf(folder, Text(module, "path") ?? string.Empty);
                    break;
                case "Normalize":
                    isNormalised = true;
                    break;
                case var other:
                    throw new EncoderException($"modules.json: the module {other} is not known; Transformer, Pooling and Normalize are.");
            }
        }

        return (pooling, isNormalised);
    }

    private static Pooling PoolingOf(string folder, string path)
    {
        var file = Path.Combine(path, "config.json");
        if (Path.IsPathRooted(path) || path.Contains("..", StringComparison.Ordinal))
            throw new EncoderException($"modules.json names a folder outside the model's: {path}.");
        using var json = Json(folder, file);
        var modes = json.RootElement.EnumerateObject().Where(mode => mode.Name.StartsWith("pooling_mode_", StringComparison.Ordinal) && Is(json.RootElement, mode.Name)).Select(mode => mode.Name).ToList();
        return modes switch
        {
            ["pooling_mode_mean_tokens"] => Pooling.Mean,
            ["pooling_mode_cls_token"] => Pooling.Cls,
            ["pooling_mode_max_tokens"] => Pooling.Max,
            _ => throw new EncoderException($"{file}: the pooling [{string.Join(", ", modes)}] is not known; one of mean, cls and max is."),
        };
    }

    private static (Dictionary<string, string> Prompts, string? Default) ReadPrompts(string folder)
    {
        const string file = "config_sentence_transformers.json";
        var prompts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!File.Exists(Path.Combine(folder, file)))
            return (prompts, null);
        using var json = Json(folder, file);
        if (json.RootElement.TryGetProperty("prompts", out var named) && named.ValueKind == JsonValueKind.Object)
        {
            foreach (var prompt in named.EnumerateObject())
                prompts[prompt.Name] = prompt.Value.GetString() ?? string.Empty;
        }

        return (prompts, Text(json.RootElement, "default_prompt_name"));
    }
}
