using System.Globalization;
using System.Text.Json;

namespace AIChat.Application.Messages.Transcripts;

/// <summary>One JSON object a line: <c>{id?, nickname, content, createdAt, replyTo?, kind?}</c>. Other fields are ignored; times without an offset are UTC.</summary>
internal sealed class JsonlTranscript : ITranscriptParser
{
    public string Name => "jsonl";

    public IAsyncEnumerable<ReadLine> ParseAsync(IAsyncEnumerable<SourceLine> lines, DateOnly firstDay) => lines.Select(line => line.Read(Parse));

    private static ReadLine Parse(long number, string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return ReadLine.Rejected(number, LineErrors.Malformed);
            if (Field("nickname") is not { } nickname)
                return ReadLine.Rejected(number, "nickname_missing");
            if (Field("content") is not { } content)
                return ReadLine.Rejected(number, "content_missing");
            if (Field("createdAt") is not { } written || !DateTimeOffset.TryParse(
                    written, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var createdAt))
                return ReadLine.Rejected(number, "created_at_bad");
            return ReadLine.Of(new TranscriptLine(number, Field("id"), nickname, content, createdAt, Field("replyTo"), Field("kind") == "system"));

            string? Field(string name)
                => json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escaped half of a surrogate pair.
            return ReadLine.Rejected(number, LineErrors.Malformed);
        }
    }
}
