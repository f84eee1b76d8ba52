using AIChat.Domain.Summaries;
using AIChat.Infrastructure.Common;

namespace AIChat.Infrastructure.LanguageModels;

/// <summary>A language model behind a server with OpenAI's chat completions API.</summary>
public sealed record LanguageModelOptions
{
    private const string DefaultAddress = "https://api.openai.com/v1", DefaultModel = "gpt-4.1-mini";

    /// <summary>OPENAI_BASE_URL.</summary>
    public required Uri Address { get; init; }

    /// <summary>OPENAI_API_KEY; null: the server needs none.</summary>
    public string? Key { get; init; }

    /// <summary>OPENAI_MODEL.</summary>
    public required string Model { get; init; }

    /// <summary>OPENAI_PRICE_INPUT: US dollars per million tokens.</summary>
    public decimal InputPrice { get; init; }

    /// <summary>OPENAI_PRICE_OUTPUT: US dollars per million tokens.</summary>
    public decimal OutputPrice { get; init; }

    /// <summary>OPENAI_PROMPT_TOKENS: the largest prompt.</summary>
    public int PromptTokens { get; init; }

    /// <summary>OPENAI_TIMEOUT: how long an answer may take to begin, and how long it may then pause.</summary>
    public TimeSpan AnswerTimeout { get; init; }

    /// <returns>Null: no variable asks for a language model.</returns>
    public static LanguageModelOptions? Read(SettingsReader read, Budgets budgets)
    {
        var isWanted = (read.Text("OPENAI_API_KEY") ?? read.Text("OPENAI_BASE_URL")) is not null;
        var options = ReadAll(isWanted ? read : read.Unset());
        if (!isWanted)
            return null;
        var model = read.Text("OPENAI_MODEL");
        if (model is null && read.Text("OPENAI_BASE_URL") is not null)
            throw new SettingException("OPENAI_BASE_URL is set but not which model is asked there; set OPENAI_MODEL to its name.");
        if (model is not null && (read.Text("OPENAI_PRICE_INPUT") ?? read.Text("OPENAI_PRICE_OUTPUT")) is null && budgets is not { User: null, Room: null, Total: null })
            throw new SettingException("A budget is set but not what OPENAI_MODEL costs; set OPENAI_PRICE_INPUT and OPENAI_PRICE_OUTPUT to US dollars for a million tokens (0 where it costs nothing).");
        return options;
    }

    /// <summary>Nothing that is secret.</summary>
    public override string ToString() => $"{nameof(LanguageModelOptions)} {{ {Model} }}";

    private static LanguageModelOptions ReadAll(SettingsReader read)
    {
        var model = read.Text("OPENAI_MODEL");
        return new LanguageModelOptions
        {
            Address = read.Url("OPENAI_BASE_URL") ?? new Uri(DefaultAddress),
            Key = read.Text("OPENAI_API_KEY"),
            Model = model ?? DefaultModel,
            InputPrice = read.Dollars("OPENAI_PRICE_INPUT") ?? (model is null ? 0.4m : 0),
            OutputPrice = read.Dollars("OPENAI_PRICE_OUTPUT") ?? (model is null ? 1.6m : 0),
            PromptTokens = read.Number("OPENAI_PROMPT_TOKENS", 12_000, 2_000, 1_000_000),
            AnswerTimeout = TimeSpan.FromSeconds(read.Number("OPENAI_TIMEOUT", 60, 1, 3_600)),
        };
    }
}
