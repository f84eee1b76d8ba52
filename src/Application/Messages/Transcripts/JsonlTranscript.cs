using System.Globalization;
using System.Text.Json;

namespace AIChat.Application.Messages.Transcripts;

/// <summary>One JSON object a line: <c>{id?, nickname, content, createdAt, replyTo?, kind?}</c>. Fields that it does not know are passed over.</summary>
internal static class JsonlTranscript
{
    public static ReadLine Parse(long number, string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return Rejected("line_malformed");
            if (Text("nickname") is not { } nickname)
                return Rejected("nickname_missing");
            if (Text("content") is not { } content)
                return Rejected("content_missing");
            if (Text("createdAt") is not { } written || !DateTimeOffset.TryParse(
                    written, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var createdAt))
                return Rejected("created_at_bad");
            var parsed = new TranscriptLine(number, Text("id"), nickname, content, createdAt, Text("replyTo"), Text("kind") == "system");
            return new ReadLine(number, parsed, null);

            string? Text(string name)
                => json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half of a surrogate pair, escaped.
            return Rejected("line_malformed");
        }

        ReadLine Rejected(string code) => new(number, null, code);
    }
}
