using System.Globalization;
using System.Net;
using AIChat.Application.Common;
using AIChat.Domain.Summaries;
using AIChat.Infrastructure.Summaries.LanguageModels;
using AIChat.Infrastructure.Topics.Encoders;

namespace AIChat.Api.Common;

/// <summary>What the environment says, checked. Each value has a default; a wrong one stops the start with one sentence.</summary>
/// <param name="DataFolder">AICHAT_DATA.</param>
/// <param name="CookieSecret">COOKIE_SECRET; null: one is made and kept with the data.</param>
/// <param name="SendRate">SEND_RATE: messages a second, and the burst, for each person.</param>
/// <param name="SummaryRate">SUMMARY_RATE: summaries a minute, and the burst, for each person.</param>
/// <param name="ImportMaxBytes">IMPORT_MAX_BYTES.</param>
/// <param name="ReclassifyMinutes">RECLASSIFY_MINUTES: how often rooms that changed are looked at again.</param>
/// <param name="CorsOrigins">CORS_ORIGINS: other origins whose pages may call.</param>
/// <param name="TrustedProxies">TRUSTED_PROXIES: whose forwarded headers are believed.</param>
/// <param name="PathBase">PATH_BASE: the path under which a proxy serves this.</param>
public sealed record Settings(
    string DataFolder,
    string? CookieSecret,
    Rate SendRate,
    Rate SummaryRate,
    long ImportMaxBytes,
    int ReclassifyMinutes,
    IReadOnlyList<string> CorsOrigins,
    IReadOnlyList<IPNetwork> TrustedProxies,
    string PathBase)
{
    /// <summary>MONGODB_URI: where everything but uploads is kept; null: in an embedded database in the data folder.</summary>
    public string? MongoUri { get; init; }

    /// <summary>MONGO_ID: the user name, where the address has none.</summary>
    public string? MongoUser { get; init; }

    /// <summary>MONGO_PASSWORD.</summary>
    public string? MongoPassword { get; init; }

    /// <summary>REDIS_URL: through which servers tell each other's listeners what happened; null: they do not.</summary>
    public Uri? RedisUrl { get; init; }

    /// <summary>HF_ENDPOINT: the hub that models come from.</summary>
    public required Uri HubEndpoint { get; init; }

    /// <summary>HF_TOKEN: shown to the hub alone; null: none.</summary>
    public string? HubToken { get; init; }

    /// <summary>MODEL_SERVER_URL: a classifier elsewhere, without <c>predict</c> and with a slash at its end; null: only the one in this process.</summary>
    public Uri? ModelServerUrl { get; init; }

    /// <summary>MODEL_SERVER_TOKEN: what that classifier is shown; for the classifier itself, what it wants to be shown. Null: none.</summary>
    public string? ModelServerToken { get; init; }

    /// <summary>MODEL_SERVER_QUEUE: how many calls of a kind the classifier works on at once, and how many may wait.</summary>
    public required TurnLimits ModelServerQueue { get; init; }

    /// <summary>EMBEDDING_MODEL: a model of the hub, a folder, or a model's name at EMBEDDING_URL; null: lines are compared by their words.</summary>
    public string? EmbeddingModel { get; init; }

    /// <summary>EMBEDDING_URL: a server that speaks OpenAI's <c>/embeddings</c>; null: the model runs in this process.</summary>
    public Uri? EmbeddingUrl { get; init; }

    /// <summary>EMBEDDING_KEY: what that server is shown.</summary>
    public string? EmbeddingKey { get; init; }

    /// <summary>EMBEDDING_THREADS: threads of one pass in this process; 0: as many as there are processors.</summary>
    public int EmbeddingThreads { get; init; }

    /// <summary>EMBEDDING_DEVICE: <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>; null: the processor.</summary>
    public string? EmbeddingDevice { get; init; }

    /// <summary>SKIP_MODEL_LOADING: no model is fetched or loaded in this process.</summary>
    public bool SkipModelLoading { get; init; }

    /// <summary>The OPENAI_ variables; null: none of them asks for a language model.</summary>
    public LanguageModelOptions? LanguageModel { get; init; }

    /// <summary>AI_BUDGET_USER, AI_BUDGET_ROOM, AI_BUDGET_TOTAL: US dollars a month.</summary>
    public Budgets Budgets { get; init; } = new(null, null, null);

    /// <summary>ADMIN_TOKEN: what the operator shows; null: there is nothing for operators.</summary>
    public string? AdminToken { get; init; }

    public string ModelFolder => Path.Combine(DataFolder, "models");

    /// <summary>The sentence encoder that these settings ask for, by default the classifier's elsewhere; null: none.</summary>
    public EmbeddingOptions? Embedding => EmbeddingUrl is null && EmbeddingModel is null && ModelServerUrl is { } server ? EmbeddingAt(new Uri(server, "v1"), ModelServerToken, EmbeddingOptions.WhateverIsThere)
        : EmbeddingUrl is null && SkipModelLoading ? null
        : EmbeddingAt(EmbeddingUrl, EmbeddingKey, EmbeddingModel);

    /// <param name="get">The value of a variable; null: not set.</param>
    /// <param name="folder">The folder in which the command was typed.</param>
    /// <exception cref="SettingException">A value is wrong; the message names the variable and the mend.</exception>
    public static Settings Read(Func<string, string?> get, string folder)
    {
        var secret = Value("COOKIE_SECRET");
        if (secret is { Length: < 16 })
            throw new SettingException("COOKIE_SECRET is too short; give at least 16 characters, or unset it to have one made.");
        return new Settings(
            Path.GetFullPath(Value("AICHAT_DATA") ?? "data", folder),
            secret,
            RateOf("SEND_RATE", new Rate(20, 60)),
            RateOf("SUMMARY_RATE", new Rate(30, 20)),
            Number("IMPORT_MAX_BYTES", 2_000_000_000, 1, long.MaxValue),
            (int)Number("RECLASSIFY_MINUTES", 5, 1, 59),
            [.. List("CORS_ORIGINS").Select(Origin)],
            [.. List("TRUSTED_PROXIES").Select(Network)],
            PathBaseOf(Value("PATH_BASE")))
        {
            MongoUri = Value("MONGODB_URI"),
            MongoUser = Value("MONGO_ID"),
            MongoPassword = Value("MONGO_PASSWORD"),
            RedisUrl = Value("REDIS_URL") is { } redis ? Redis(redis) : null,
            HubEndpoint = Hub(Value("HF_ENDPOINT") ?? "https://huggingface.co"),
            HubToken = Value("HF_TOKEN"),
            ModelServerUrl = Value("MODEL_SERVER_URL") is { } server ? ModelServer(server) : null,
            ModelServerToken = Token(Value("MODEL_SERVER_TOKEN")),
            ModelServerQueue = Turns(Value("MODEL_SERVER_QUEUE")),
            EmbeddingModel = ModelOf(Value("EMBEDDING_MODEL"), Value("EMBEDDING_URL") is not null),
            EmbeddingUrl = Value("EMBEDDING_URL") is { } embedding ? Server("EMBEDDING_URL", embedding) : null,
            EmbeddingKey = Value("EMBEDDING_KEY"),
            Budgets = new Budgets(Dollars("AI_BUDGET_USER"), Dollars("AI_BUDGET_ROOM"), Dollars("AI_BUDGET_TOTAL")),
            LanguageModel = Model(),
            AdminToken = Value("ADMIN_TOKEN") is not { Length: < 16 } and var admin ? admin : throw new SettingException("ADMIN_TOKEN is too short; give at least 16 characters, or unset it."),
            EmbeddingDevice = DeviceOf(Value("EMBEDDING_DEVICE")),
            EmbeddingThreads = (int)Number("EMBEDDING_THREADS", 0, 0, 256),
            SkipModelLoading = Flag("SKIP_MODEL_LOADING"),
        };

        string? Value(string name) => string.IsNullOrWhiteSpace(get(name)) ? null : get(name)!.Trim();

        IEnumerable<string> List(string name) => (Value(name) ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        long Number(string name, long otherwise, long least, long most)
        {
            if (Value(name) is not { } text)
                return otherwise;
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? number
                : throw new SettingException($"{name} is not a whole number from {least} to {most}; correct it or unset it for {otherwise}.");
        }

        bool Flag(string name) => (Value(name) ?? "false").ToUpperInvariant() switch
        {
            "TRUE" or "1" or "YES" => true,
            "FALSE" or "0" or "NO" => false,
            _ => throw new SettingException($"{name} is not true or false; correct it or unset it for false."),
        };

        string? ModelOf(string? model, bool isElsewhere)
        {
            if (model is null && isElsewhere)
                throw new SettingException("EMBEDDING_URL is set but not which model is asked there; set EMBEDDING_MODEL to its name.");
            if (model is null || isElsewhere)
                return model;
            var path = Path.GetFullPath(model, folder);
            if (Directory.Exists(path))
                return path;
            return ModelName.Parse(model) is not null
                ? model
                : throw new SettingException("EMBEDDING_MODEL is no folder and no model's name, such as intfloat/multilingual-e5-small; correct it or unset it.");
        }

        static Uri Server(string name, string text)
            => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                ? uri
                : throw new SettingException($"{name} is not an address, such as http://127.0.0.1:8000/v1; correct it or unset it.");

        LanguageModelOptions? Model()
        {
            const string usual = "https://api.openai.com/v1", cheap = "gpt-4.1-mini";
            var (address, model) = (Value("OPENAI_BASE_URL"), Value("OPENAI_MODEL"));
            if (Value("OPENAI_API_KEY") is null && address is null)
                return null;
            if (address is not null && model is null)
                throw new SettingException("OPENAI_BASE_URL is set but not which model is asked there; set OPENAI_MODEL to its name.");
            if (model is not null && (Value("OPENAI_PRICE_INPUT") ?? Value("OPENAI_PRICE_OUTPUT")) is null && (Dollars("AI_BUDGET_USER") ?? Dollars("AI_BUDGET_ROOM") ?? Dollars("AI_BUDGET_TOTAL")) is not null)
                throw new SettingException("A budget is set but not what OPENAI_MODEL costs; set OPENAI_PRICE_INPUT and OPENAI_PRICE_OUTPUT to US dollars for a million tokens (0 where it costs nothing).");
            return new LanguageModelOptions
            {
                Address = Server("OPENAI_BASE_URL", address ?? usual),
                Key = Value("OPENAI_API_KEY"),
                Model = model ?? cheap,
                InputPrice = Price("OPENAI_PRICE_INPUT", address is null && model is null ? 0.4m : 0),
                OutputPrice = Price("OPENAI_PRICE_OUTPUT", address is null && model is null ? 1.6m : 0),
                PromptTokens = (int)Number("OPENAI_PROMPT_TOKENS", 12_000, 2_000, 1_000_000),
                AnswerTimeout = TimeSpan.FromSeconds(Number("OPENAI_TIMEOUT", 60, 1, 3_600)),
            };
        }

        decimal Price(string name, decimal otherwise) => Value(name) is null ? otherwise : Amount(name);

        Money? Dollars(string name) => Value(name) is null ? null : new Money((long)(Amount(name) * 1_000_000));

        decimal Amount(string name)
            => decimal.TryParse(Value(name), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dollars) && dollars <= 1_000_000
                ? dollars
                : throw new SettingException($"{name} is not an amount of US dollars, such as 2.50; correct it or unset it.");

        static string? DeviceOf(string? text)
            => text is null or "cpu" or "cuda" || (text.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(text[5..], NumberStyles.None, CultureInfo.InvariantCulture, out _))
                ? text
                : throw new SettingException("EMBEDDING_DEVICE is not cpu, cuda or cuda:N; correct it or unset it for cpu.");

        Rate RateOf(string name, Rate otherwise)
        {
            if (Value(name) is not { } text)
                return otherwise;
            var parts = text.Split('/');
            var numbers = parts.Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).ToList();
            if (numbers.Count > 2 || numbers.Any(number => number is < 1 or > 1_000_000))
                throw new SettingException($"{name} is not RATE or RATE/BURST, such as {otherwise.Count}/{otherwise.Burst}; correct it or unset it.");
            return new Rate(numbers[0], numbers.Count == 2 ? numbers[1] : Math.Max(numbers[0], otherwise.Burst));
        }

        static string Origin(string text)
            => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.AbsolutePath == "/" && uri.Query.Length == 0
                ? uri.GetLeftPart(UriPartial.Authority)
                : throw new SettingException("CORS_ORIGINS is not a list of origins, such as https://chat.example.org,https://example.org; correct it or unset it.");

        static IPNetwork Network(string text)
            => IPNetwork.TryParse(text, out var network) ? network
                : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
                : throw new SettingException("TRUSTED_PROXIES is not a list of addresses or networks, such as 10.0.0.5,10.1.0.0/16; correct it or unset it.");

        // The sentence does not repeat what was given: a password may be inside.
        static Uri Redis(string text)
            => Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "redis://" + text, UriKind.Absolute, out var uri) && uri.Scheme is "redis" or "rediss" && uri.Host.Length > 0
                ? new UriBuilder(uri) { Port = uri.Port < 0 ? 6379 : uri.Port }.Uri
                : throw new SettingException("REDIS_URL is not an address such as redis://host:6379 or rediss://user:password@host:6380; correct it or unset it.");

        static Uri Hub(string text)
            => Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Query.Length == 0
                ? uri
                : throw new SettingException("HF_ENDPOINT is not an address such as https://huggingface.co; correct it or unset it.");

        // Neither this sentence nor the next repeats what was given: it may hold a secret.
        static Uri ModelServer(string text)
        {
            var root = text.TrimEnd('/');
            if (root.EndsWith("/predict", StringComparison.Ordinal))
                root = root[..^"/predict".Length];
            return Uri.TryCreate(root + "/", UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Query.Length == 0 && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0
                ? uri
                : throw new SettingException("MODEL_SERVER_URL is not an address such as http://classifier:8080; correct it or unset it (a secret goes into MODEL_SERVER_TOKEN).");
        }

        static string? Token(string? text)
            => text is null || text.All(c => c is > ' ' and <= '~')
                ? text
                : throw new SettingException("MODEL_SERVER_TOKEN goes into a header and may hold only ASCII characters without spaces; correct it, here and at its callers, or unset it.");

        static TurnLimits Turns(string? text)
        {
            if (text is null)
                return new TurnLimits(Math.Clamp(Environment.ProcessorCount, 1, 64), 32);
            var numbers = text.Split('/').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1).ToList();
            return numbers is [>= 1 and <= 64, >= 0 and <= 1000]
                ? new TurnLimits(numbers[0], numbers[1])
                : throw new SettingException("MODEL_SERVER_QUEUE is not RUNNING/WAITING, such as 2/32 (1 to 64, and 0 to 1000); correct it or unset it.");
        }

        static string PathBaseOf(string? text)
            => text is null ? string.Empty
                : text.StartsWith('/') && !text.Contains("//", StringComparison.Ordinal) && Uri.IsWellFormedUriString(text, UriKind.Relative) ? text.TrimEnd('/')
                : throw new SettingException("PATH_BASE is not a path such as /chat; correct it or unset it.");
    }

    private EmbeddingOptions EmbeddingAt(Uri? url, string? key, string? model) => new()
    {
        Model = model,
        Url = url,
        Key = key,
        Threads = EmbeddingThreads,
        Device = EmbeddingDevice,
        Folder = ModelFolder,
        Hub = HubEndpoint,
        HubToken = HubToken,
    };
}

/// <summary>So many in a period, and so many at once after a pause.</summary>
public sealed record Rate(int Count, int Burst);

/// <summary>So many calls at once, and so many that wait for their turn.</summary>
public sealed record TurnLimits(int Running, int Waiting);

/// <summary>The start cannot go on; the message is one sentence for the person who started it.</summary>
public sealed class SettingException(string message) : Exception(message);
