using System.Text;
using System.Text.Json;

namespace AIChat.Infrastructure.Summaries.LanguageModels;

/// <summary>
/// Reads an answer while it streams: a point is returned as soon as its last brace has arrived. Text around the JSON (a fence, a greeting) is skipped, and if the answer
/// breaks off, complete points still count. Shape: {"topics": [{"topic": 1, "name": "…", "outcome": {…}, "points": [{…}]}]}.
/// </summary>
internal sealed class StreamingJsonReader
{
    private const int Deepest = 16;
    private const int Longest = 1_000_000;

    private readonly StringBuilder _text = new();
    private readonly Stack<Frame> _open = [];
    private string? _key;
    private int? _topic;
    private int _valueFrom = -1;
    private int _stringFrom = -1;
    private bool _escaped;

    /// <summary>What a piece of the answer completes.</summary>
    public IEnumerable<AnsweredPart> Take(string piece)
    {
        foreach (var letter in piece)
        {
            if (_text.Length >= Longest)
                yield break;
            _text.Append(letter);
            if (_stringFrom >= 0)
            {
                InString(letter);
                continue;
            }

            switch (letter)
            {
                case '"' when _open.Count > 0:
                    _stringFrom = _text.Length - 1;
                    break;
                case ':':
                    _valueFrom = _text.Length;
                    break;
                case '{' or '[' when _open.Count < Deepest && (_open.Count > 0 || letter == '{'):
                    _open.Push(new Frame(letter, _key, _text.Length - 1));
                    (_key, _valueFrom) = (null, -1);
                    break;
                case ',' when _open.Count > 0:
                    if (Value() is { } found)
                        yield return new AnsweredPart(_topic) { Name = found };
                    break;
                case '}' or ']' when _open.Count > 0:
                    if (Value() is { } last)
                        yield return new AnsweredPart(_topic) { Name = last };
                    var closed = _open.Pop();
                    if (closed.Kind == '{' && _open.TryPeek(out var outer))
                    {
                        var isPoint = outer is { Kind: '[', Key: "points" };
                        if ((isPoint || (outer.Kind == '{' && closed.Key == "outcome")) && Parse(_text.ToString(closed.From, _text.Length - closed.From)) is { } said)
                            yield return isPoint ? new AnsweredPart(_topic) { Point = said } : new AnsweredPart(_topic) { Outcome = said };
                        if (outer is { Kind: '[', Key: "topics" })
                            _topic = null;
                    }

                    _key = null;
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
        if (_escaped)
            _escaped = false;
        else if (letter == '\\')
            _escaped = true;
        else if (letter == '"')
        {
            // A string that does not follow a colon is a key.
            if (_valueFrom < 0)
                _key = _text.ToString(_stringFrom + 1, _text.Length - _stringFrom - 2);
            _stringFrom = -1;
        }
    }

    /// <summary>Takes the value that just ended; returns it if it is a topic's name.</summary>
    private string? Value()
    {
        string? name = null;
        if (_valueFrom >= 0 && _open.Peek().Kind == '{' && _key is "topic" or "name" && Parse(_text.ToString(_valueFrom, _text.Length - 1 - _valueFrom)) is { } value)
        {
            if (_key == "topic" && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number))
                _topic = number;
            else if (_key == "name" && value.ValueKind == JsonValueKind.String)
                name = value.GetString();
        }

        (_key, _valueFrom) = (null, -1);
        return name;
    }

    private readonly record struct Frame(char Kind, string? Key, int From);
}

/// <summary>A topic's name, outcome or one of its points.</summary>
/// <param name="Topic">The topic's number, if that came before.</param>
internal readonly record struct AnsweredPart(int? Topic)
{
    public string? Name { get; init; }

    public JsonElement? Outcome { get; init; }

    public JsonElement? Point { get; init; }
}
