namespace AIChat.Infrastructure.Summaries.LanguageModels;

/// <summary>A language model behind a server with OpenAI's chat completions API.</summary>
public sealed record LanguageModelOptions
{
    /// <summary>OPENAI_BASE_URL.</summary>
    public required Uri Address { get; init; }

    /// <summary>OPENAI_API_KEY; null: the server wants none.</summary>
    public string? Key { get; init; }

    /// <summary>OPENAI_MODEL.</summary>
    public required string Model { get; init; }

    /// <summary>OPENAI_PRICE_INPUT, OPENAI_PRICE_OUTPUT: US dollars for a million tokens.</summary>
    public decimal InputPrice { get; init; }

    /// <inheritdoc cref="InputPrice"/>
    public decimal OutputPrice { get; init; }

    /// <summary>OPENAI_PROMPT_TOKENS: the most that a prompt has.</summary>
    public int PromptTokens { get; init; } = 12_000;

    /// <summary>OPENAI_TIMEOUT: how long an answer may take to begin, and then to go on.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Nothing that is secret.</summary>
    public override string ToString() => $"{nameof(LanguageModelOptions)} {{ {Model} }}";
}
