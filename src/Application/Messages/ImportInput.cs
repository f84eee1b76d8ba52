using System.Text.Json;
using System.Text.Json.Serialization;

namespace AIChat.Application.Messages;

/// <summary>The input of an import job, stored as JSON: <c>{"Format":"jsonl","FirstDay":"2026-01-31"}</c>.</summary>
/// <param name="Format">The name of a transcript format.</param>
/// <param name="FirstDay">The day of the first line, for formats whose lines have only a clock.</param>
internal sealed record ImportInput([property: JsonConverter(typeof(FormatName))] string Format, DateOnly FirstDay);

/// <summary>Reads names, and the numbers that older versions stored in their place.</summary>
internal sealed class FormatName : JsonConverter<string>
{
    private static readonly string[] Numbered = ["jsonl", "irc"];

    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.Number ? Numbered[reader.GetInt32()] : reader.GetString()!;

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
