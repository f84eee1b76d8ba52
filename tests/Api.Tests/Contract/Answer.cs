using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AIChat.Api.Tests.Contract;

/// <summary>
/// The body of an answer, or of what a hub says. Its shapes are written down here once more, as a client would, and read strictly: a field that is missing, of another name or of another kind fails the test that reads it.
/// </summary>
public readonly record struct Answer(string Text)
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The code of a problem.</summary>
    public string Code => As<Problem>().Code;

    public T As<T>() => JsonSerializer.Deserialize<T>(Text, Strict) ?? throw new JsonException("null");

    /// <summary>The body as it is, with every field that it has.</summary>
    public JsonNode ToNode() => JsonNode.Parse(Text)!;

    /// <summary>The items of a page.</summary>
    public IReadOnlyList<T> Items<T>() => As<Page<T>>().Items;

    public override string ToString() => Text;
}

/// <summary>RFC 9457, with a code that stays.</summary>
public sealed record Problem(int Status, string Detail, string Code);

public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

public sealed record Levels<T>(T Low, T Mid, T High)
{
    public T Of(string level) => level switch
    {
        "low" => Low,
        "mid" => Mid,
        "high" => High,
        _ => throw new ArgumentOutOfRangeException(nameof(level)),
    };
}
