using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using AIChat.Domain.Topics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AIChat.Api.Classifier;

/// <summary>Sentence embeddings, compatible with OpenAI's clients.</summary>
internal static class EmbeddingEndpoints
{
    /// <summary>The name by which callers ask for the loaded model, whichever it is.</summary>
    private const string AnyModel = "default";

    private const int MaxInputs = 2048;
    private const int MaxBytes = 8 * 1024 * 1024;

    private static readonly Error InputBad = Error.Invalid("input_bad", "input is a text or a list of 1 to 2048 texts.");
    private static readonly Error FormatBad = Error.Invalid("encoding_format_bad", "encoding_format is float or base64.");
    private static readonly Error NotLoaded = new("model_not_loaded", "No model is loaded (EMBEDDING_MODEL names it); try again later.", ErrorKind.Unavailable) { RetryAfter = TimeSpan.FromSeconds(10) };

    public static RouteHandlerBuilder MapEmbeddings(this IEndpointRouteBuilder routes)
        => routes.MapPost("/v1/embeddings", EmbedAsync).RequireAuthorization().WithTags("Embeddings").WithSummary("A vector for each text; OpenAI-compatible")
            .WithMetadata(new RequestSizeLimitAttribute(MaxBytes));

    private static async Task<Results<Ok<EmbeddingsView>, ProblemHttpResult>> EmbedAsync(EmbeddingsBody body, ISentenceEmbedder embedder, HttpContext http)
    {
        if (TextsOf(body.Input) is not { } texts)
            return http.Problem(InputBad);
        if (body.EncodingFormat is not (null or "float" or "base64"))
            return http.Problem(FormatBad);
        if (embedder.FindModel() is not { } model)
            return http.Problem(NotLoaded);
        var name = $"{model.Name}@{model.Revision}";
        if (body.Model is { Length: > 0 } asked && asked != AnyModel && asked != model.Name && asked != name)
            return http.Problem(Error.NotFound("model_not_found", $"The model here is {name}; ask for that, or for {AnyModel}."));
        if (body.Dimensions is { } dimensions && dimensions != model.Dimensions)
            return http.Problem(Error.Invalid("dimensions_bad", $"The model's vectors have {model.Dimensions} dimensions and are not truncated."));
        if (await embedder.EmbedAsync(texts, http.RequestAborted) is not { } made)
            return http.Problem(NotLoaded);
        return TypedResults.Ok(new EmbeddingsView(
            "list", [.. made.Vectors.Select((vector, index) => new EmbeddingView("embedding", index, body.EncodingFormat == "base64" ? Base64(vector) : vector))], name, new UsageView(0, 0)));
    }

    private static List<string>? TextsOf(JsonElement? input)
    {
        try
        {
            return input switch
            {
                { ValueKind: JsonValueKind.String } text => [text.GetString()!],
                { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() is >= 1 and <= MaxInputs && list.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String)
                    => [.. list.EnumerateArray().Select(one => one.GetString()!)],
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            // Half of an escaped surrogate pair is not text.
            return null;
        }
    }

    private static string Base64(float[] vector) => Convert.ToBase64String(MemoryMarshal.AsBytes<float>(vector));

    /// <param name="Model">The loaded model, or <c>default</c>.</param>
    /// <param name="Input">A text or a list of texts; an empty text has a vector too.</param>
    /// <param name="EncodingFormat"><c>float</c> (the default), or <c>base64</c> of little-endian 32-bit floats.</param>
    internal sealed record EmbeddingsBody(string? Model, JsonElement? Input, [property: JsonPropertyName("encoding_format")] string? EncodingFormat, int? Dimensions);

    internal sealed record EmbeddingsView(string Object, IReadOnlyList<EmbeddingView> Data, string Model, UsageView Usage);

    /// <param name="Embedding">A list of numbers, or base64.</param>
    internal sealed record EmbeddingView(string Object, int Index, object Embedding);

    /// <summary>Tokens are not counted; both are 0.</summary>
    internal sealed record UsageView([property: JsonPropertyName("prompt_tokens")] int PromptTokens, [property: JsonPropertyName("total_tokens")] int TotalTokens);
}
