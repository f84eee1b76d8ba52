using System.Text;
using System.Text.Json;

namespace AIChat.Infrastructure.Summaries.LanguageModels;

/// <summary>
/// Reads an answer while it comes: a point is told as soon as its last brace is there. Whatever stands around the JSON (a fence, a greeting) is passed over, and where the answer breaks off,
/// what was complete before counts. Shape: {"topics": [{"topic": 1, "name": "…", "points": [{…}]}]}.
/// </summary>
internal sealed class StreamingJsonReader
{
    private const int Deepest = 16;
    private const int Longest = 1_000_000;

    private readonly StringBuilder text = new();
    private readonly Stack<Frame> open = [];
    private string? key;
    private string? name;
    private int? topic;
    private int valueFrom = -1;
    private int stringFrom = -1;
    private bool escaped;

    /// <summary>What a piece of the answer completes: points and names, each with its topic's number, if that was said before.</summary>
    public IEnumerable<(int? Topic, string? Name, JsonElement? Point)> Take(string piece)
    {
        foreach (var letter in piece)
        {
            if (text.Length >= Longest)
                yield break;
            text.Append(letter);
            if (stringFrom >= 0)
            {
                InString(letter);
                continue;
            }

            switch (letter)
            {
                case '"' when open.Count > 0:
                    stringFrom = text.Length - 1;
                    break;
                case ':':
                    valueFrom = text.Length;
                    break;
                case '{' or '[' when open.Count < Deepest && (open.Count > 0 || letter == '{'):
                    open.Push(new Frame(letter, key, text.Length - 1));
                    (key, valueFrom) = (null, -1);
                    break;
                case ',' when open.Count > 0:
                    if (Value() is { } told)
                        yield return (topic, told, null);
                    break;
                case '}' or ']' when open.Count > 0:
                    if (Value() is { } last)
                        yield return (topic, last, null);
                    var closed = open.Pop();
                    if (closed.Kind == '{' && open.TryPeek(out var list) && list is { Kind: '[', Key: "points" } && Parse(text.ToString(closed.From, text.Length - closed.From)) is { } point)
                        yield return (topic, null, point);
                    if (closed.Kind == '{' && open.TryPeek(out list) && list is { Kind: '[', Key: "topics" })
                        topic = null;
                    key = null;
                    break;
            }
        }
    }

    private static JsonElement? Parse(string json)
    {
        try
        {
            return JsonElement.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void InString(char letter)
    {
        if (escaped)
            escaped = false;
        else if (letter == '\\')
            escaped = true;
        else if (letter == '"')
        {
            // A key, unless it stands behind a colon.
            if (valueFrom < 0)
                key = text.ToString(stringFrom + 1, text.Length - stringFrom - 2);
            stringFrom = -1;
        }
    }

    /// <summary>Takes in the value that just ended; the topic's name, if it is that.</summary>
    private string? Value()
    {
        name = null;
        if (valueFrom >= 0 && open.Peek().Kind == '{' && key is "topic" or "name" && Parse(text.ToString(valueFrom, text.Length - 1 - valueFrom)) is { } value)
        {
            if (key == "topic" && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number))
                topic = number;
            else if (key == "name" && value.ValueKind == JsonValueKind.String)
                name = value.GetString();
        }

        (key, valueFrom) = (null, -1);
        return name;
    }

    private readonly record struct Frame(char Kind, string? Key, int From);
}
